/** Resumes commands that were cut off or canceled. What they have done is not done again. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { FormaInvalid } from "../forma/FormaDocument.ts"
import type { Blockers } from "../plan/Change.ts"
import { Planner } from "../plan/Planner.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import { Claims } from "../records/Claims.ts"
import { CommandJournal, type CommandEntry } from "../records/CommandJournal.ts"
import type { InventoryUnreadable } from "../records/Inventory.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { isStateError, type StateError } from "../records/StateError.ts"
import type { VaultUnavailable } from "../store/Vault.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { commandErrorOf } from "./CommandError.ts"
import { type CommandResult, makeCommandResult, withNotes } from "./CommandResult.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { CommandRun } from "./CommandRun.ts"
import { Note } from "./Note.ts"
import { OpenOperations } from "./OpenOperations.ts"

/** Why a command cannot be resumed now. */
export type ResumeError =
  | FormaInvalid
  | InventoryUnreadable
  | JournalUnreadable
  | NamespaceUnknown
  | PluginUnavailable
  | StateError
  | VaultUnavailable

export class Resumption extends Context.Service<
  Resumption,
  {
    /**
     * Resumes everything that is unfinished. A command that cannot be resumed
     * does not stop the others. Fails only if nothing at all could be resumed.
     */
    readonly resumeAll: (options: CommandOptions) => Effect.Effect<CommandResult, ResumeError>
    /** Resumes the commands of other formae that were cut off. Returns a note for each. */
    readonly resumeOthers: (
      forma: string,
      options: CommandOptions,
    ) => Effect.Effect<ReadonlyArray<Note>, StateError | JournalUnreadable>
  }
>()("formae/agent/commands/Resumption") {
  static readonly layerNoDeps = Layer.effect(
    Resumption,
    Effect.gen(function* () {
      const claims = yield* Claims
      const commands = yield* CommandJournal
      const commandRun = yield* CommandRun
      const journal = yield* OperationJournal
      const open = yield* OpenOperations
      const planner = yield* Planner

      const resumeOne = Effect.fnUntraced(function* (one: CommandEntry, options: CommandOptions) {
        const command = yield* commandRun.begin(one.forma, options, one.commandId)
        const document = yield* commands.documentOf(one)
        if (document === undefined) {
          const takenUp = yield* open.takeUp(command, [])
          return yield* commandRun.run(one.command, command, yield* planner.planDestroy(one.forma), takenUp)
        }
        const forma = { ...document, name: one.forma }
        const wanted = yield* planner.check(forma)
        const takenUp = yield* open.takeUp(command, wanted)
        const blockers: Blockers = new Map([
          ...failuresOf(yield* journal.listByCommand(one.commandId)),
          ...takenUp.blockers,
        ])
        return yield* commandRun.run(one.command, command, yield* planner.plan(forma, wanted, blockers), takenUp)
      }, Effect.scoped)

      /** Takes up what commands that have ended left open, for example because a plugin was unavailable. */
      const takeUpRest = Effect.fnUntraced(function* (resumed: ReadonlyArray<CommandEntry>, options: CommandOptions) {
        const formae = new Set((yield* journal.listOpen()).map(({ forma }) => forma))
        const rest = [...formae].filter((forma) => resumed.every((one) => one.forma !== forma))
        const results = yield* Effect.forEach(rest, (forma) =>
          commandRun.begin(forma, options).pipe(
            Effect.flatMap((command) => open.takeUp(command, [])),
            Effect.map(({ results }) => [...results.values()].map((result) => ({ ...result, forma }))),
            Effect.scoped,
          ),
        )
        return results
      })

      return Resumption.of({
        resumeAll: Effect.fn("Resumption.resumeAll")(function* (options) {
          const unfinished = yield* commands.unfinished
          const resumed = yield* Effect.forEach(unfinished, (one) =>
            Effect.result(resumeOne(one, options)).pipe(
              // If the state cannot be written, no command can be resumed.
              Effect.tap((result) =>
                result._tag === "Failure" && isStateError(result.failure) ? Effect.fail(result.failure) : Effect.void,
              ),
              Effect.map((result) => ({ one, result })),
            ),
          )
          const refused = resumed.flatMap(({ one, result }) =>
            result._tag === "Failure" ? [{ one, error: result.failure }] : [],
          )
          const done = resumed.flatMap(({ one, result }) =>
            result._tag === "Success" ? [result.success.resources.map((each) => ({ ...each, forma: one.forma }))] : [],
          )
          const rest = yield* takeUpRest(unfinished, options)
          const [first] = refused
          if (first !== undefined && done.length === 0 && rest.length === 0) {
            return yield* first.error
          }
          const result = makeCommandResult("resume", [...done.flat(), ...rest.flat()])
          const notes = refused.map(({ error, one }) => notResumed(one, error))
          return withNotes(refused.length === 0 ? result : { ...result, status: "failed" }, notes)
        }),
        resumeOthers: Effect.fn("Resumption.resumeOthers")(function* (formaName, options) {
          const claimed = yield* claims.documents
          const cutOff = (yield* commands.unfinished).filter(
            ({ forma, status }) =>
              forma !== formaName && status === "running" && claimed !== "all" && !claimed.has(forma),
          )
          return yield* Effect.forEach(cutOff, (one) =>
            Effect.match(resumeOne(one, options), {
              onSuccess: ({ resources, status }): Note =>
                Note.cases.Resumed.make({ ...named(one), status, resources: resources.length }),
              onFailure: (error) => notResumed(one, error),
            }),
          )
        }),
      })
    }),
  )
}

/** What had certainly failed before the command was cut off. It is not tried again, and neither is what needs it. */
const failuresOf = (entries: ReadonlyArray<JournalEntry>): Blockers => {
  const failed = new Map<string, ChangeError>()
  for (const { failure, label, closed, status } of entries) {
    if (status === "Failed" && closed && failure !== null) failed.set(label, failure)
    else failed.delete(label)
  }
  return failed
}

const named = ({ command, commandId, forma }: CommandEntry) => ({ commandId, command, forma })

const notResumed = (one: CommandEntry, error: ResumeError): Note =>
  Note.cases.NotResumed.make({ ...named(one), error: commandErrorOf(error) })
