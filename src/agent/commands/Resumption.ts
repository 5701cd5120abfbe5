/** Continues commands that were cut off or canceled. What they had done is not done again. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import type { ChangeObserver } from "../apply/ChangeEvent.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { FormaInvalid } from "../forma/FormaDocument.ts"
import type { ChangeError, Held } from "../plan/Change.ts"
import { Planner } from "../plan/Planner.ts"
import { CommandJournal, type JournalCommand } from "../records/CommandJournal.ts"
import type { InventoryUnreadable } from "../records/Inventory.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { JournalUnreadable } from "../records/JournalUnreadable.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { VaultUnavailable } from "../store/Vault.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import type { CommandResult } from "./CommandResult.ts"
import { CommandRun } from "./CommandRun.ts"
import { OpenOperations } from "./OpenOperations.ts"
import { noted, resultOf } from "./Results.ts"

/** Why a command cannot be resumed now. */
export type ResumeError =
  | FormaInvalid
  | InventoryUnreadable
  | JournalUnreadable
  | NamespaceUnknown
  | PluginUnavailable
  | SqlError
  | VaultUnavailable

export class Resumption extends Context.Service<
  Resumption,
  {
    /** Resumes all that is unfinished. One command that cannot be resumed does not stand in the way of the others. */
    readonly resumeAll: (observer: ChangeObserver) => Effect.Effect<CommandResult, ResumeError>
    /** Resumes what other formae were doing when they were cut off, and says what came of each. */
    readonly resumeOthers: (
      forma: string,
      observer: ChangeObserver,
    ) => Effect.Effect<ReadonlyArray<string>, SqlError | JournalUnreadable>
  }
>()("formae/agent/commands/Resumption") {
  static readonly layerNoDeps = Layer.effect(
    Resumption,
    Effect.gen(function* () {
      const commands = yield* CommandJournal
      const commandRun = yield* CommandRun
      const journal = yield* OperationJournal
      const open = yield* OpenOperations
      const planner = yield* Planner

      const resumeOne = Effect.fnUntraced(function* (one: JournalCommand, observer: ChangeObserver) {
        const command = yield* commandRun.begin(one.forma, observer, one.commandId)
        const document = yield* commands.documentOf(one)
        if (document === undefined) {
          const takenUp = yield* open.takeUp(command, [])
          return yield* commandRun.run(one.command, command, yield* planner.planDestroy(one.forma), takenUp)
        }
        const forma = { ...document, name: one.forma }
        const wanted = yield* planner.check(forma)
        const takenUp = yield* open.takeUp(command, wanted)
        const held: Held = new Map([...failedIn(yield* journal.ofCommand(one.commandId)), ...takenUp.held])
        return yield* commandRun.run(one.command, command, yield* planner.plan(forma, wanted, held), takenUp)
      }, Effect.scoped)

      /** What a command that has ended has left, because its plugin was not there. */
      const takeUpTheRest = Effect.fnUntraced(function* (
        resumed: ReadonlyArray<JournalCommand>,
        observer: ChangeObserver,
      ) {
        const formae = new Set((yield* journal.open()).map(({ forma }) => forma))
        const left = [...formae].filter((forma) => resumed.every((one) => one.forma !== forma))
        const results = yield* Effect.forEach(left, (forma) =>
          commandRun.begin(forma, observer).pipe(
            Effect.flatMap((command) => open.takeUp(command, [])),
            Effect.map(({ results }) => [...results.values()].map((result) => ({ ...result, forma }))),
            Effect.scoped,
          ),
        )
        return results
      })

      return Resumption.of({
        resumeAll: Effect.fn("Resumption.resumeAll")(function* (observer) {
          const unfinished = yield* commands.unfinished
          const resumed = yield* Effect.forEach(unfinished, (one) =>
            Effect.result(resumeOne(one, observer)).pipe(
              // A state that cannot be written concerns all commands.
              Effect.tap((result) =>
                result._tag === "Failure" && result.failure._tag === "SqlError"
                  ? Effect.fail(result.failure)
                  : Effect.void,
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
          const rest = yield* takeUpTheRest(unfinished, observer)
          const [first] = refused
          if (first !== undefined && done.length === 0 && rest.length === 0) {
            return yield* first.error
          }
          const result = resultOf("resume", [...done.flat(), ...rest.flat()])
          const notes = refused.map(({ error, one }) => notResumed(one, error))
          return noted(refused.length === 0 ? result : { ...result, status: "failed" }, notes)
        }),
        resumeOthers: Effect.fn("Resumption.resumeOthers")(function* (formaName, observer) {
          const cutOff = (yield* commands.unfinished).filter(
            ({ forma, status }) => forma !== formaName && status === "running",
          )
          return yield* Effect.forEach(cutOff, (one) =>
            Effect.match(resumeOne(one, observer), {
              onSuccess: ({ resources, status }) =>
                `the ${one.command} of ${one.forma}, which had been cut off, was resumed: ${status}, ${resources.length} resources`,
              onFailure: (error) => notResumed(one, error),
            }),
          )
        }),
      })
    }),
  )
}

/** What had certainly failed before a command was cut off: it is not tried again, and neither is what needs it. */
const failedIn = (entries: ReadonlyArray<JournalEntry>): Held => {
  const failed = new Map<string, ChangeError>()
  for (const { failure, label, settled, status } of entries) {
    if (status === "Failed" && settled && failure !== null) failed.set(label, failure)
    else failed.delete(label)
  }
  return failed
}

const notResumed = (
  { command, forma }: Pick<JournalCommand, "command" | "forma">,
  { message }: { readonly message: string },
): string => `cannot resume the ${command} of ${forma} now: ${message}`
