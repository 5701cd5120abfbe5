/** Runs one command that is in the journal: it can be observed and asked to stop, and its end is recorded. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { Properties } from "../../protocol/Resource.ts"
import { ChangeEvents } from "../apply/ChangeEvents.ts"
import { runChangeset } from "../apply/Changeset.ts"
import type { CommandRef } from "../apply/CommandRef.ts"
import type { ResourceResult } from "../apply/ResourceResult.ts"
import { ResourceUpdater } from "../apply/ResourceUpdater.ts"
import { StopRequests, StopSignal } from "../operations/StopRequests.ts"
import { plannedOf } from "../plan/plannedOf.ts"
import type { PlannedChanges } from "../plan/Planner.ts"
import type { WantedOutputs } from "../plan/PluginCheck.ts"
import { newCares } from "../plan/newCares.ts"
import { CommandJournal } from "../records/CommandJournal.ts"
import type { ClaimOptions } from "../records/Claimed.ts"
import type { JournaledCommand } from "../records/CommandStatus.ts"
import { Inventory } from "../records/Inventory.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import type { StateError } from "../records/StateError.ts"
import { makeCancelRecord } from "./cancelRecord.ts"
import { makeLeftToNext } from "./leftToNext.ts"
import { type CommandResult, makeCommandResult, withNotes, withOnly } from "./CommandResult.ts"
import type { CommandOptions } from "./CommandOptions.ts"
import { makeOutputRecords } from "./OutputRecords.ts"
import type { TakeUpResult } from "./OpenOperations.ts"

export class CommandRun extends Context.Service<
  CommandRun,
  {
    /**
     * Begins a command, or continues one by its id. While the scope is open,
     * its events are observed, and it can be asked to stop. If it is interrupted,
     * it is recorded as canceled, unless its options say otherwise. `claimant` is
     * the command on the board that it is, or that it is a part of.
     */
    readonly begin: (
      forma: string,
      options: CommandOptions & Pick<ClaimOptions, "claimant">,
      commandId?: string,
    ) => Effect.Effect<CommandRef, never, Scope.Scope>
    /** Records a command before its first step. An agent that leaves its commands begins none. */
    readonly record: CommandJournal["Service"]["begin"]
    /** Runs a part of a command that may wait for reads. A request to stop ends those waits. */
    readonly whileRunning: <A, E, R>(command: CommandRef, part: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
    /**
     * Makes the changes of a command that is in the journal, and records its
     * outputs and its end. Fails with `StateError` where the state cannot be written.
     */
    readonly run: (
      name: JournaledCommand,
      command: CommandRef,
      planned: PlannedChanges,
      takenUp: TakeUpResult,
      outputs?: WantedOutputs,
    ) => Effect.Effect<CommandResult, StateError>
  }
>()("formae/agent/commands/CommandRun") {
  static readonly layerNoDeps = Layer.effect(
    CommandRun,
    Effect.gen(function* () {
      const commands = yield* CommandJournal
      const events = yield* ChangeEvents
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const random = yield* SecureRandom.SecureRandom
      const records = yield* makeOutputRecords
      const stops = yield* StopRequests
      const recordCancel = yield* makeCancelRecord
      const { interruptIfLeft } = yield* makeLeftToNext
      // Without the span in which this layer is built: a command has one of its own.
      const context = Context.pick(
        ChangeEvents,
        ResourceUpdater,
        StopRequests,
      )(yield* Effect.context<ChangeEvents | ResourceUpdater | StopRequests>())

      return CommandRun.of({
        begin: Effect.fnUntraced(function* (forma, options, knownId) {
          const { claimant, observe, stopWhen, whenInterrupted = "cancel" } = options
          const commandId = knownId ?? options.commandId ?? (yield* random.uuidV7())
          // One that is on the board is observed, and can be asked to stop, since before its turn.
          const isKnown = commandId === options.commandId
          if (!isKnown) yield* stops.register(commandId, { of: claimant?.commandId, onCancel: recordCancel(commandId) })
          const isCancel = () =>
            (typeof whenInterrupted === "function" ? whenInterrupted() : whenInterrupted) === "cancel"
          yield* Effect.addFinalizer((exit) =>
            Exit.hasInterrupts(exit) && isCancel()
              ? Effect.ignore(commands.cancel(commandId), { log: true })
              : Effect.void,
          )
          if (stopWhen !== undefined && claimant === undefined) {
            yield* Effect.forkScoped(Effect.andThen(stopWhen, stops.request(commandId)), { startImmediately: true })
          }
          if (observe !== undefined && !isKnown) yield* events.addObserver(commandId, observe)
          yield* events.publish({ _tag: "Began", commandId, forma })
          return { commandId, forma }
        }),
        record: (command, document) => {
          const { commandId } = command
          // One that is canceled while it is recorded is recorded as that.
          const begun = commands.begin({ ...command, isCanceled: stops.isCanceled(commandId) }, document)
          return Effect.andThen(interruptIfLeft(commandId), begun)
        },
        whileRunning: ({ commandId }, part) => Effect.provideService(part, StopSignal, stops.awaitRequest(commandId)),
        run: Effect.fnUntraced(function* (name, command, { changes, only }, takenUp, outputs) {
          // An estimate is not worth a failure.
          const usual = yield* Effect.orElseSucceed(journal.usualDurations, () => [])
          yield* events.publish({ _tag: "Planned", ...command, changes: changes.map(plannedOf), usual })
          const moves = changes.flatMap(({ label, movedFrom }) =>
            movedFrom === undefined ? [] : [{ from: movedFrom, to: label }],
          )
          // Before the first step: what the document asks for holds for the resources that its steps do not reach, too.
          yield* inventory.relabel(command.forma, moves, newCares(changes))
          const actual = new Map<string, Properties>()
          const done = yield* Effect.provideContext(runChangeset(command, changes, actual), context)
          const made = withOnly(makeCommandResult(name, mergeResults(done, takenUp.results)), only)
          const given =
            outputs &&
            (yield* records.afterApply(command.forma, outputs, { changes, actual, isLimited: only !== undefined }))
          if (name === "destroy" && made.status === "succeeded") yield* records.afterDestroy(command.forma)
          const hasOutputs = given !== undefined && Object.keys(outputs?.values ?? {}).length > 0
          const result = withNotes(hasOutputs ? { ...made, outputs: given.shown } : made, given?.notes ?? [])
          // What was canceled can be resumed, even if something else has failed.
          const isCanceled = result.resources.some(({ status }) => status === "canceled")
          // What is left to the next agent has not ended.
          const isLeft = (yield* stops.isLeaving) && !(yield* stops.isCanceled(command.commandId))
          if (isCanceled && isLeft) return result
          yield* commands.end(
            command.commandId,
            isCanceled ? "canceled" : result.status === "failed" ? "failed" : "succeeded",
          )
          return result
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/**
 * The results of the changes, merged with those of the operations that were
 * taken up before: a resource that needed no change any more, that the changes
 * do not include, or whose change was not begun while its operation is under
 * way, has the result of its operation.
 */
const mergeResults = (
  results: ReadonlyArray<ResourceResult>,
  takenUp: ReadonlyMap<string, ResourceResult>,
): ReadonlyArray<ResourceResult> => {
  const known = new Set(results.map(({ label }) => label))
  return [
    ...results.map((result) => {
      const before = takenUp.get(result.label)
      const needsNothing = result.operation === "noop" && result.error === null && before?.error === null
      const isUnderWay = result.status === "canceled" && before?.error?.code === "LeftUnderWay"
      return before !== undefined && (needsNothing || isUnderWay) ? before : result
    }),
    ...[...takenUp.values()].filter(({ label }) => !known.has(label)),
  ]
}
