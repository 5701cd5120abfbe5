/**
 * Walks the steps of a plan: independent ones side by side, each after what it
 * needs. A step that fails takes those that need it with it, and nothing else.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { SqlError } from "effect/sql/SqlError"
import type { NativeId } from "../../protocol/Identity.ts"
import type { InProgress } from "../../protocol/Progress.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { type Lookup, valueAt } from "../forma/References.ts"
import { ChangeFailed, codeOf, type FailureReason, isCanceled } from "../operations/ChangeFailed.ts"
import { StopRequest } from "../operations/StopRequest.ts"
import { type ChangeError, type ChangeOperation, type Change, summaryOf } from "../plan/Change.ts"
import { orderSteps, type Step } from "../plan/StepOrder.ts"
import type { Crash } from "../records/JournalEntry.ts"
import type { ChangeObserver } from "./ChangeEvent.ts"
import type { CommandOf } from "./operationOf.ts"
import type { ResourceResult } from "./ResourceResult.ts"
import { ResourceUpdater } from "./ResourceUpdater.ts"

/** Changes under way at once. Each plugin has a bound of its own besides. */
const changesAtOnce = 32

/** How a step ended. A step that was not run has the labels of those that failed before it. */
interface StepOutcome {
  readonly operation: ChangeOperation
  readonly nativeId: NativeId | undefined
  readonly attempts: number
  readonly crashes: ReadonlyArray<Crash>
  readonly durationMillis: number
  /** Undefined where it succeeded. */
  readonly failure: { readonly reason: FailureReason; readonly message: string } | undefined
}

export const runChangeset = Effect.fn("Changeset.run")(function* (
  command: CommandOf,
  changes: ReadonlyArray<Change>,
  observe: ChangeObserver,
): Effect.fn.Return<ReadonlyArray<ResourceResult>, SqlError, ResourceUpdater> {
  const updater = yield* ResourceUpdater
  const stopRequest = yield* StopRequest
  const turns = yield* Semaphore.make(changesAtOnce)
  const steps = orderSteps(changes)
  const stepsOf = Map.groupBy(steps, ({ change }) => change)
  const outcomes = new Map(steps.map(({ id }) => [id, Deferred.makeUnsafe<StepOutcome>()]))
  const ended = new Map<string, StepOutcome>()
  const actual = new Map<string, Properties>()
  /** Why the state can not be written any more. What would be begun then could not be recorded. */
  let broken: SqlError | undefined
  const lookup: Lookup = (label, property) => {
    const properties = actual.get(label)
    return properties === undefined ? undefined : valueAt(properties, property)
  }

  const attempt = ({ action, change }: Step): Effect.Effect<Omit<StepOutcome, "durationMillis">> => {
    const onProgress = (progress: InProgress) => observe({ _tag: "Progressed", change: summaryOf(change), progress })
    const work: Effect.Effect<
      Pick<StepOutcome, "operation" | "nativeId" | "attempts" | "crashes">,
      ChangeFailed | SqlError
    > = change.blocked !== undefined
      ? Effect.fail(blocked(change.blocked))
      : action === "remove"
        ? Effect.map(updater.remove(command, change, onProgress), ({ attempts, crashes }) => ({
            operation: change.operation,
            nativeId: change.nativeId,
            attempts,
            crashes,
          }))
        : Effect.map(updater.settle(command, change, lookup, onProgress), (settled) => {
            actual.set(change.label, settled.actual)
            return settled
          })
    return work.pipe(
      // An outcome of this step: what else is under way goes on to its end, and is recorded if it can be.
      Effect.catchTag("SqlError", (error) => {
        broken ??= error
        return Effect.fail(
          new ChangeFailed({ reason: { _tag: "StateNotWritten" }, message: error.message, attempts: 0 }),
        )
      }),
      Effect.map(({ attempts, crashes, nativeId, operation }) => ({
        operation,
        nativeId,
        attempts,
        crashes,
        failure: undefined,
      })),
      Effect.catchTag("ChangeFailed", ({ attempts, crashes = [], message, nativeId, reason }) =>
        Effect.succeed({
          operation: change.operation,
          // By the second step of a replace, the old resource is gone.
          nativeId: nativeId ?? (isRecreate({ action, change }) ? undefined : change.nativeId),
          attempts,
          crashes,
          failure: { reason, message },
        }),
      ),
    )
  }

  const awaitOutcome = (id: string): Effect.Effect<StepOutcome> => {
    const deferred = outcomes.get(id)
    return deferred === undefined ? Effect.die(`there is no step ${id}`) : Deferred.await(deferred)
  }

  const runStep = Effect.fnUntraced(function* (step: Step) {
    const { action, change } = step
    const needed = yield* Effect.forEach(step.after, (id) =>
      Effect.map(awaitOutcome(id), (outcome) => ({ id, outcome })),
    )
    const failed = needed.filter(({ outcome }) => outcome.failure !== undefined)
    const outcome =
      failed.length > 0
        ? skipped(step, failed)
        : yield* turns.withPermit(
            Effect.gen(function* () {
              if (stopRequest.isMade()) return canceled(step)
              if (broken !== undefined) return canceled(step, "not begun, because the state can not be written")
              const startedAt = yield* Clock.currentTimeMillis
              if (change.operation !== "noop") yield* observe({ _tag: "Started", change: summaryOf(change), action })
              const done = yield* attempt(step)
              return { ...done, durationMillis: (yield* Clock.currentTimeMillis) - startedAt }
            }),
          )
    ended.set(step.id, outcome)
    const isLast = action === "settle" || change.operation === "delete"
    // Told before what waits for it begins.
    if (isLast) yield* observe({ _tag: "Finished", result: yield* resultOf(change) })
    yield* Deferred.succeed(yield* Effect.fromNullishOr(outcomes.get(step.id)).pipe(Effect.orDie), outcome)
  })

  /** A replace is two steps with one result: that of the first that failed, or of both together. */
  const resultOf = Effect.fnUntraced(function* (change: Change) {
    const parts = (stepsOf.get(change) ?? []).flatMap(({ id }) => ended.get(id) ?? [])
    const last = parts.find(({ failure }) => failure !== undefined) ?? parts.at(-1)
    if (last === undefined) return yield* Effect.die(`${change.label} has no step`)
    return {
      label: change.label,
      type: change.type,
      operation: last.operation,
      status: statusOf(last),
      nativeId: last.nativeId ?? null,
      attempts: parts.reduce((sum, { attempts }) => sum + attempts, 0),
      crashes: parts.flatMap(({ crashes }) => crashes),
      durationMillis: parts.reduce((sum, { durationMillis }) => sum + durationMillis, 0),
      error: last.failure === undefined ? null : errorOf(last.failure),
      changed: last.operation === "noop" ? [] : change.changed,
    } satisfies ResourceResult
  })

  yield* Effect.forEach(steps, runStep, { concurrency: "unbounded", discard: true })
  if (broken !== undefined) return yield* broken
  return yield* Effect.forEach(changes, resultOf)
})

const blocked = ({ code, message }: ChangeError): ChangeFailed =>
  new ChangeFailed({ reason: { _tag: "Blocked", code }, message, attempts: 0 })

const errorOf = ({ message, reason }: Pick<ChangeFailed, "message" | "reason">): ChangeError => ({
  code: codeOf(reason),
  message,
})

const statusOf = ({ failure }: StepOutcome): ResourceResult["status"] =>
  failure === undefined ? "succeeded" : isCanceled(failure.reason) ? "canceled" : "failed"

/** Not begun, because the command was asked to stop or can not go on. What needs it is not begun either. */
const canceled = (
  { action, change }: Pick<Step, "action" | "change">,
  message = "not begun, because the command was asked to stop",
): StepOutcome => ({
  operation: change.operation,
  nativeId: isRecreate({ action, change }) ? undefined : change.nativeId,
  attempts: 0,
  crashes: [],
  durationMillis: 0,
  failure: { reason: { _tag: "Canceled" }, message },
})

const isRecreate = ({ action, change }: Pick<Step, "action" | "change">): boolean =>
  change.operation === "replace" && action === "settle"

const skipped = (
  { action, change }: Pick<Step, "action" | "change">,
  failed: ReadonlyArray<{ readonly id: string; readonly outcome: StepOutcome }>,
): StepOutcome => {
  if (failed.every(({ outcome }) => outcome.failure !== undefined && isCanceled(outcome.failure.reason))) {
    // Why, where that is another reason than a stop.
    const notBegun = failed.find(({ outcome }) => outcome.failure?.reason._tag === "Canceled")
    return canceled({ action, change }, notBegun?.outcome.failure?.message)
  }
  const labels = [...new Set(failed.map(({ id }) => id.slice(id.indexOf(":") + 1)))]
  return {
    operation: change.operation,
    nativeId: isRecreate({ action, change }) ? undefined : change.nativeId,
    attempts: 0,
    crashes: [],
    durationMillis: 0,
    failure: {
      reason: { _tag: "DependencyFailed" },
      message: `not tried, because ${labels.join(", ")} ${labels.length === 1 ? "has" : "have"} failed`,
    },
  }
}
