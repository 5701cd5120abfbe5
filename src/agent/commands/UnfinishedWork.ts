/** What commands have left unfinished, and no command is working on now. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { StopRequests } from "../operations/StopRequests.ts"
import { type CommandEntry, CommandJournal } from "../records/CommandJournal.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { begunLabels } from "./begunLabels.ts"

/** The unfinished work of one forma. */
export interface Unfinished {
  /** That of the command, or one for the command that is going to take up the operations. */
  readonly commandId: string
  readonly forma: string
  /** Undefined where the command has ended, and has left operations open. */
  readonly command: CommandEntry | undefined
  /** The labels of the resources whose operations have not ended. */
  readonly open: ReadonlyArray<string>
  /** Those of them of which only a human can find out what became of them. */
  readonly unsettled: ReadonlyArray<string>
}

/** Which unfinished work is meant: all of it, unless a name or an id is given. */
export interface Selection {
  /** The name of a forma. */
  readonly forma?: string | undefined
  /** The id of a command. Operations that an ended command has left open are not part of it. */
  readonly commandId?: string | undefined
}

export interface UnfinishedList {
  readonly work: ReadonlyArray<Unfinished>
  /** What else may be unfinished, but cannot be read. */
  readonly unreadable: ReadonlyArray<JournalUnreadable>
}

export class UnfinishedWork extends Context.Service<
  UnfinishedWork,
  {
    /** Commands first, oldest first, but of one forma the newest first. Fails with `SqlError` where the state cannot be read. */
    readonly list: (selection?: Selection) => Effect.Effect<UnfinishedList, SqlError>
  }
>()("formae/agent/commands/UnfinishedWork") {
  static readonly layerNoDeps = Layer.effect(
    UnfinishedWork,
    Effect.gen(function* () {
      const commands = yield* CommandJournal
      const journal = yield* OperationJournal
      const random = yield* SecureRandom.SecureRandom
      const stops = yield* StopRequests

      /** A command leaves what is open on labels that it is not about alone: that is work of another one, or of its own. */
      const openOf = (
        { command, forma }: Pick<Unfinished, "command" | "forma">,
        ofForma: ReadonlyArray<CommandEntry>,
      ) =>
        Effect.result(
          Effect.map(journal.listOpen(forma), (entries) =>
            labelsOfOpen(
              entries.filter(({ label }) =>
                command === undefined ? !ofForma.some(isAbout(label)) : isAbout(label)(command),
              ),
            ),
          ),
        )

      return UnfinishedWork.of({
        list: Effect.fnUntraced(function* ({ commandId, forma } = {}) {
          const unfinished = yield* commands.unfinished
          const running = new Set(
            (yield* Effect.filter(unfinished.commands, (one) => stops.isRegistered(one.commandId))).map(
              (one) => one.forma,
            ),
          )
          const byForma = Map.groupBy(
            unfinished.commands.filter((one) => !running.has(one.forma)),
            (one) => one.forma,
          )
          // What a later one has taken over may be needed by an earlier one.
          const cutOff = [...byForma.values()].flatMap((ofForma) => ofForma.toReversed())
          const isWhole = (one: string): boolean =>
            byForma.get(one)?.some((each) => begunLabels(each) === undefined) === true
          const rest = commandId === undefined ? yield* journal.openFormae : []
          const found = [
            ...cutOff.map((command) => ({ commandId: command.commandId, forma: command.forma, command })),
            ...(yield* Effect.forEach(
              rest.filter((one) => !running.has(one) && !isWhole(one)),
              (one) => Effect.map(random.uuidV7(), (id) => ({ commandId: id, forma: one, command: undefined })),
            )),
          ].filter(
            (one) =>
              (commandId === undefined || one.commandId === commandId) && (forma === undefined || one.forma === forma),
          )
          const read = yield* Effect.forEach(found, (one) =>
            Effect.map(openOf(one, byForma.get(one.forma) ?? []), (open) => ({ one, open })),
          )
          return {
            work: read.flatMap(({ one, open }) => {
              const labels = open._tag === "Success" ? open.success : { open: [], unsettled: [] }
              // A command is named although its operations cannot be read: to resume it says why.
              const isWork = one.command !== undefined || open._tag === "Failure" || labels.open.length > 0
              return isWork ? [{ ...one, ...labels }] : []
            }),
            unreadable: [
              ...unfinished.unreadable,
              ...read.flatMap(({ open }) =>
                open._tag === "Failure" && open.failure._tag === "JournalUnreadable" ? [open.failure] : [],
              ),
            ],
          }
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

const isAbout =
  (label: string) =>
  (command: CommandEntry): boolean =>
    begunLabels(command)?.(label) !== false

/** The labels of operations that have not ended. */
export const labelsOfOpen = (entries: ReadonlyArray<JournalEntry>): Pick<Unfinished, "open" | "unsettled"> => ({
  open: labelsOf(entries),
  unsettled: labelsOf(entries.filter(({ status }) => status === "NeedsAttention")),
})

const labelsOf = (entries: ReadonlyArray<JournalEntry>): ReadonlyArray<string> => [
  ...new Set(entries.map(({ label }) => label)),
]
