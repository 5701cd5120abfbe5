/** Notes for the result of a command: what the user may have overlooked. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { Claims } from "../records/Claims.ts"
import type { CommandEntry } from "../records/CommandJournal.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { Inventory } from "../records/Inventory.ts"
import { StateOwnership } from "../records/StateOwnership.ts"
import { commandErrorOf } from "./CommandError.ts"
import { Note } from "./Note.ts"
import { labelsOfOpen, type Unfinished, type UnfinishedList, UnfinishedWork } from "./UnfinishedWork.ts"

export class Notes extends Context.Service<
  Notes,
  {
    /** If other formae have resources and this one has none, its name may be a mistake. */
    readonly onUnknownName: (formaName: string) => Effect.Effect<ReadonlyArray<Note>>
    /** What is unfinished, for commands that change nothing. Nothing while another command runs. */
    readonly onUnfinished: Effect.Effect<ReadonlyArray<Note>, SqlError>
    /** What is unfinished of other formae, which a command on this one does not touch. */
    readonly onOthers: (formaName: string | undefined) => Effect.Effect<ReadonlyArray<Note>>
  }
>()("formae/agent/commands/Notes") {
  static readonly layerNoDeps = Layer.effect(
    Notes,
    Effect.gen(function* () {
      const claims = yield* Claims
      const inventory = yield* Inventory
      const ownership = yield* StateOwnership
      const unfinishedWork = yield* UnfinishedWork

      return Notes.of({
        onUnknownName: Effect.fnUntraced(function* (formaName) {
          // Only a hint: it must not stop the command.
          const known = yield* Effect.orElseSucceed(inventory.formae, (): ReadonlyArray<string> => [])
          if (known.length === 0 || known.includes(formaName)) return []
          return [Note.cases.NameUnknown.make({ forma: formaName, known })]
        }),
        onUnfinished: Effect.gen(function* () {
          if (yield* ownership.isHeld) return []
          return notesOn(yield* unfinishedWork.list())
        }),
        onOthers: (formaName) =>
          Effect.all([unfinishedWork.list(), claims.documents]).pipe(
            Effect.map(([{ unreadable, work }, claimed]) => {
              // What another agent works on is not left.
              const isClaimed = (forma: string) => claimed !== "all" && claimed.has(forma)
              return notesOn({ unreadable, work: work.filter(({ forma }) => forma !== formaName && !isClaimed(forma)) })
            }),
            // Only a hint: a command that has done its work has not failed because of it.
            Effect.orElseSucceed(() => []),
          ),
      })
    }),
  )
}

interface NotedList extends Pick<UnfinishedList, "unreadable"> {
  readonly work: ReadonlyArray<Omit<Unfinished, "commandId">>
}

/** What is open on resources that a command does not touch. */
export const notesOnOpen = (forma: string, entries: ReadonlyArray<JournalEntry>): ReadonlyArray<Note> =>
  notesOn({ work: [{ forma, command: undefined, ...labelsOfOpen(entries) }], unreadable: [] })

const notesOn = ({ unreadable, work }: NotedList): ReadonlyArray<Note> => [
  ...work.flatMap(({ command: entry, forma, open, unsettled }): ReadonlyArray<Note> => {
    const left = open.filter((label) => !unsettled.includes(label))
    return [
      ...(entry === undefined ? [] : [unfinished(entry)]),
      ...(entry !== undefined || left.length === 0 ? [] : [Note.cases.LeftOpen.make({ forma, labels: left })]),
      ...(unsettled.length === 0 ? [] : [Note.cases.Unsettled.make({ forma, labels: unsettled })]),
    ]
  }),
  ...unreadable.map((error) => Note.cases.JournalDamaged.make({ error: commandErrorOf(error) })),
]

const unfinished = ({ command, commandId, forma, startedAt, status }: CommandEntry): Note =>
  Note.cases.Unfinished.make({
    commandId,
    command,
    forma,
    startedAt,
    how: status === "canceled" ? "canceled" : "cut off",
  })
