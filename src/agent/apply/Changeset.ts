/**
 * Runs the steps of a plan, each after those that it needs, and independent
 * ones in parallel. When a step fails, those that need it are skipped, and no
 * others.
 */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { Properties } from "../../protocol/Resource.ts"
import { inSpan, type SpanFacts } from "../../transport/Tracing.ts"
import { type Lookup, resolveReferences, valueAt } from "../forma/References.ts"
import { blockedChange, ChangeFailed } from "../operations/ChangeFailed.ts"
import { HandOver, StopRequests } from "../operations/StopRequests.ts"
import { type Change, summaryOf } from "../plan/Change.ts"
import { isUnwanted, orderSteps, type Step } from "../plan/StepOrder.ts"
import { type StateError, stateErrorTags } from "../records/StateError.ts"
import { isOfServerAway } from "../store/serverAway.ts"
import { ChangeEvents } from "./ChangeEvents.ts"
import type { CommandRef } from "./CommandRef.ts"
import type { ResourceResult } from "./ResourceResult.ts"
import { ResourceUpdater } from "./ResourceUpdater.ts"
import { makeStepBoard } from "./StepBoard.ts"
import {
  canceled,
  type EndedStep,
  failed,
  resultOf,
  skipped,
  type StepOutcome,
  stopped,
  succeeded,
} from "./StepOutcome.ts"
import type { StepRequest } from "./StepRequest.ts"
import { wholeMillisSince } from "./wholeMillisSince.ts"

/** `actual` gets what the provider has for each label, once its step has ended. */
export const runChangeset = Effect.fn("Changeset.run")(function* (
  command: CommandRef,
  changes: ReadonlyArray<Change>,
  actual: Map<string, Properties> = new Map(),
): Effect.fn.Return<ReadonlyArray<ResourceResult>, StateError, ChangeEvents | ResourceUpdater | StopRequests> {
  const events = yield* ChangeEvents
  const stops = yield* StopRequests
  const updater = yield* ResourceUpdater
  const isHandedOver = (yield* HandOver) !== undefined
  const steps = orderSteps(changes)
  const board = makeStepBoard(steps)
  const ready = yield* Queue.unbounded<Step, Cause.Done>()
  let left = steps.length
  const lookup: Lookup = (label, property) => valueAt(actual.get(label) ?? {}, property)
  /** Why the state can no longer be written. No step is begun then, because it could not be recorded. */
  let stateError: StateError | undefined
  /** Whether the next holder of the command will tell how a change ends: nothing of that is recorded, because the lease is over or the server of the state is away. */
  const isLeft = ({ status }: ResourceResult): boolean =>
    isHandedOver && status !== "succeeded" && (stateError?._tag === "StateTaken" || isOfServerAway(stateError))

  const attempt = Effect.fnUntraced(function* (step: Step) {
    const { action, change } = step
    if (change.operation !== "noop") {
      yield* events.publish({ _tag: "Started", ...command, change: summaryOf(change), action })
    }
    const startedAt = yield* Clock.currentTimeMillis
    const result = yield* Effect.result(
      Effect.flatMap(requestOf(command, step, lookup), updater.run).pipe(
        // This step has failed. The others under way run to their ends, and are recorded if possible.
        Effect.catchTag(stateErrorTags, (error) => {
          stateError ??= error
          return Effect.fail(
            new ChangeFailed({ reason: { _tag: "StateNotWritten" }, message: error.message, attempts: 0 }),
          )
        }),
        inSpan(`resource.${action}`, factsOf(command, step)),
      ),
    )
    const durationMillis = yield* wholeMillisSince(startedAt)
    if (result._tag === "Failure") return failed(step, result.failure, durationMillis)
    if (result.success._tag === "NothingDone") return yield* Effect.die(`the step ${step.id} did nothing`)
    if (action === "ensure") actual.set(change.label, result.success.properties)
    return succeeded(step, result.success, durationMillis)
  })

  const outcomeOf = Effect.fnUntraced(function* (step: Step) {
    if (yield* stops.isRequested(command.commandId)) return stopped(step)
    if (stateError !== undefined) return canceled(step, "not begun, because the state cannot be written")
    return yield* attempt(step)
  })

  /** Records the end of a step, and of those that are skipped as a result. */
  const end = Effect.fnUntraced(function* (first: Step, outcome: StepOutcome) {
    const ended: Array<EndedStep> = [{ step: first, outcome }]
    for (const one of ended) {
      const { step } = one
      const freed = board.write(step, one.outcome)
      left -= 1
      // Published before the steps that wait for it begin.
      const parts = board.partsOf(step.change)
      if (parts !== undefined && isLastOf(step)) {
        const result = resultOf(step.change, parts)
        if (!isLeft(result)) yield* events.publish({ _tag: "Finished", ...command, result })
      }
      for (const next of freed) {
        const skip = skipped(next, board.unsuccessfulBefore(next))
        if (skip === undefined) yield* Queue.offer(ready, next)
        else ended.push({ step: next, outcome: skip })
      }
    }
    if (left === 0) yield* Queue.end(ready)
  })

  yield* Queue.offerAll(ready, board.free)
  if (left === 0) yield* Queue.end(ready)
  const runNext = Effect.flatMap(Queue.take(ready), (step) =>
    Effect.flatMap(outcomeOf(step), (outcome) => end(step, outcome)),
  )
  // A fiber for each step would keep all of them in memory, and a turn of one would look at all that wait for theirs.
  const worker = Effect.catchTag(Effect.forever(runNext), "Done", () => Effect.void)
  const workers = Array.from({ length: Math.min(maxConcurrentChanges, steps.length) }, () => worker)
  yield* Effect.all(workers, { concurrency: "unbounded", discard: true })
  if (stateError !== undefined) return yield* stateError
  return changes.flatMap((change) => {
    const parts = board.partsOf(change)
    return parts === undefined ? [] : [resultOf(change, parts)]
  })
})

/** What the span of a step says of it. */
const factsOf = ({ forma }: CommandRef, { change: { label, type } }: Step): SpanFacts => ({
  attributes: { "formae.forma": forma, "formae.resource.label": label, "formae.resource.type": type },
})

/** How many changes are under way at most. Each plugin has a limit of its own too. */
const maxConcurrentChanges = 32

/** The removal is the last step of a change that wants nothing, but the first step of a replace. */
const isLastOf = ({ action, change }: Step): boolean => action === "ensure" || isUnwanted(change)

/** What a step asks the updater to do, with references resolved from the steps before it. */
const requestOf = (
  command: CommandRef,
  { action, change }: Step,
  lookup: Lookup,
): Effect.Effect<StepRequest, ChangeFailed> => {
  const { blocked, wanted } = change
  if (blocked !== undefined) {
    return Effect.fail(blockedChange(blocked))
  }
  if (action === "remove") return Effect.succeed({ _tag: "Remove", command, change })
  const { properties, unfit, unknown } = resolveReferences(wanted?.resource.properties ?? {}, lookup)
  if (unknown.size === 0) return Effect.succeed({ _tag: "Ensure", command, change, properties })
  return Effect.fail(
    new ChangeFailed({
      reason: { _tag: "ReferenceUnknown" },
      message:
        unfit.length > 0
          ? unfit.map(({ message, place }) => `${place.join(".")}: ${message}`).join("; ")
          : `${[...unknown].join(", ")} refers to a property that its resource does not have`,
      attempts: 0,
    }),
  )
}
