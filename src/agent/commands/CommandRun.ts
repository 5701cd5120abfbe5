/** Runs one command of the journal: what it is called, how it is stopped and observed, and how it ends. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import type { ChangeObserver } from "../apply/ChangeEvent.ts"
import { ChangeEvents } from "../apply/ChangeEvents.ts"
import { runChangeset } from "../apply/Changeset.ts"
import type { CommandRef } from "../apply/CommandRef.ts"
import { type ResourceUpdater } from "../apply/ResourceUpdater.ts"
import { StopRequests } from "../operations/StopRequests.ts"
import { type Change, summaryOf } from "../plan/Change.ts"
import { CommandJournal, type JournaledCommand } from "../records/CommandJournal.ts"
import type { CommandResult } from "./CommandResult.ts"
import type { TakenUp } from "./OpenOperations.ts"
import { resultOf, withTakenUp } from "./EntryResult.ts"

export class CommandRun extends Context.Service<
  CommandRun,
  {
    /**
     * Begins a command, or continues one by its id: while the scope is open,
     * `observer` is given its events, and it can be asked to stop.
     */
    readonly begin: (
      forma: string,
      observer: ChangeObserver,
      commandId?: string,
    ) => Effect.Effect<CommandRef, never, Scope.Scope>
    /** Makes the changes of a command that the journal has, and writes its end. */
    readonly run: (
      name: JournaledCommand,
      command: CommandRef,
      changes: ReadonlyArray<Change>,
      takenUp: TakenUp,
    ) => Effect.Effect<CommandResult, SqlError>
  }
>()("formae/agent/commands/CommandRun") {
  static readonly layerNoDeps = Layer.effect(
    CommandRun,
    Effect.gen(function* () {
      const commands = yield* CommandJournal
      const events = yield* ChangeEvents
      const random = yield* SecureRandom.SecureRandom
      const stops = yield* StopRequests
      const context = yield* Effect.context<ChangeEvents | ResourceUpdater | StopRequests>()

      return CommandRun.of({
        begin: Effect.fnUntraced(function* (forma, observer, known) {
          const commandId = known ?? (yield* random.uuidV7())
          yield* stops.register(commandId)
          yield* events.observe(commandId, observer)
          yield* events.publish({ _tag: "Began", commandId, forma })
          return { commandId, forma }
        }),
        run: Effect.fnUntraced(function* (name, command, changes, takenUp) {
          yield* events.publish({ _tag: "Planned", ...command, changes: changes.map(summaryOf) })
          const done = yield* Effect.provideContext(runChangeset(command, changes), context)
          const result = resultOf(name, withTakenUp(done, takenUp.results))
          const { status } = result
          yield* commands.end(command.commandId, status === "failed" || status === "canceled" ? status : "succeeded")
          return result
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}
