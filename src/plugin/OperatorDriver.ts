/** Drives one operation: makes the calls and the waits that its state asks for, and decides nothing. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import type { Failure } from "../protocol/ErrorCode.ts"
import type { Operation, OperationKind } from "../protocol/Operation.ts"
import type { Progress } from "../protocol/Progress.ts"
import type { ProviderAnswer, ProviderError } from "./Answer.ts"
import type { OperatorPolicy } from "./OperatorPolicy.ts"
import {
  type AcceptedWork,
  initialState,
  isNews,
  nextCall,
  type OperatorEvent,
  type OperatorState,
  progressOf,
  transition,
} from "./OperatorState.ts"
import { callProvider, defectFailure, failureOf, handlerFailure, logDefect, withinCallTimeout } from "./ProviderCall.ts"
import { redactFailure, redactText } from "./redactFailure.ts"
import type { ResourceDefinition } from "./ResourceDefinition.ts"

/** One operation that has begun. Its owner decides when it takes the next step. */
export interface OperatorDriver {
  /** The last progress that was reported. */
  readonly progress: Effect.Effect<Progress>
  /** Runs the operation until there is something to report. After the end it reports the end again. */
  readonly next: Effect.Effect<Progress>
  /** Makes no call again: a wait for the next try ends at once, and the last failure is the end. */
  readonly stopRetrying: Effect.Effect<void>
}

/** Gives the schedule its input and waits for the delay that follows. `Ended` when there is none. */
type Wait<Input> = (input: Input) => Effect.Effect<"Waited" | "Ended">

/** Waits by the schedule, from its start. */
const makeWait = <Input>(schedule: Schedule.Schedule<unknown, Input>): Effect.Effect<Wait<Input>> =>
  Effect.map(
    Schedule.toStepWithSleep(schedule),
    (step): Wait<Input> =>
      (input) =>
        step(input).pipe(
          Effect.as("Waited" as const),
          Pull.catchDone(() => Effect.succeed("Ended" as const)),
        ),
  )

/** Makes the driver of one operation on the type in `definition`. Nothing is sent to the provider before its first step. */
export const makeOperatorDriver = (
  definition: ResourceDefinition,
  operation: Operation,
  policy: OperatorPolicy,
): OperatorDriver => {
  const { idempotency, type } = definition.capabilities
  let state = initialState(operation)
  let pollWait: Wait<AcceptedWork> | undefined
  let retryWait: Wait<Failure> | undefined
  const retriesStopped = Deferred.makeUnsafe<void>()

  const waitBySchedule = Effect.fnUntraced(function* (current: OperatorState) {
    switch (current._tag) {
      case "WaitingForResource":
        retryWait = undefined
        pollWait ??= yield* makeWait(policy.poll)
        return yield* pollWait(current.work)
      case "Retrying":
        retryWait ??= yield* makeWait(policy.retry)
        return yield* Effect.raceFirst(Effect.as(Deferred.await(retriesStopped), "Ended"), retryWait(current.failure))
      default:
        return "Waited"
    }
  })

  /** Waits as a state asks. Returns what happened instead of the next call, or undefined if that is due. */
  const waitFor = (current: OperatorState): Effect.Effect<OperatorEvent | undefined> =>
    waitBySchedule(current).pipe(
      Effect.map((waited): OperatorEvent | undefined => (waited === "Waited" ? undefined : { _tag: "ScheduleEnded" })),
      // A schedule of the host is code of the host.
      Effect.catchDefect((defect) => {
        const schedule = current._tag === "WaitingForResource" ? "poll schedule" : "retry schedule"
        return Effect.succeed<OperatorEvent>({ _tag: "ScheduleThrew", failure: defectFailure(defect, type, schedule) })
      }),
    )

  const { operationId } = operation
  const eventOf = (
    call: Effect.Effect<ProviderAnswer, ProviderError>,
    handler: OperationKind,
  ): Effect.Effect<OperatorEvent> =>
    Effect.annotateLogs(call, { operationId }).pipe(
      withinCallTimeout(policy, type, handler),
      Effect.map((answer): OperatorEvent => ({ _tag: "Answered", answer })),
      Effect.catch((error) => Effect.succeed(refusalOf(error))),
      Effect.catchDefect((defect) => {
        const redact = (text: string) => redactText(definition.capabilities, operation, text)
        const refused: OperatorEvent = { _tag: "Refused", failure: handlerFailure(defect, type, handler) }
        return Effect.as(Effect.annotateLogs(logDefect(defect, type, handler, redact), { operationId }), refused)
      }),
      Effect.map((event) =>
        event._tag === "Refused"
          ? { ...event, failure: redactFailure(definition.capabilities, operation, event.failure) }
          : event,
      ),
    )

  /** Waits as the current state asks, makes one call, and returns the new state. */
  const advance: Effect.Effect<OperatorState> = Effect.suspend(() => {
    const call = nextCall(state)
    if (call === undefined) return Effect.succeed(state)
    const work = call._tag === "Status" ? call.work : undefined
    const attempt = eventOf(callProvider(definition, operation, work), work === undefined ? operation._tag : "Status")
    // The first call waits for nothing. It has a shorter path, because most operations end with it.
    const event =
      state._tag === "NotStarted"
        ? attempt
        : Effect.filterOrElse(waitFor(state), Predicate.isNotUndefined, () => attempt)
    return Effect.map(event, (happened) => transition(operation, idempotency, state, happened))
  })

  const step: Effect.Effect<Progress> = Effect.flatMap(advance, (after) => {
    const before = state
    state = after
    return isNews(before, after) ? Effect.succeed(progressOf(after)) : step
  })

  return {
    progress: Effect.sync(() => progressOf(state)),
    next: step,
    stopRetrying: Effect.asVoid(Deferred.succeed(retriesStopped, undefined)),
  }
}

const refusalOf = (error: ProviderError): OperatorEvent => ({
  _tag: "Refused",
  failure: failureOf(error),
  ...(error.nativeId === undefined ? {} : { nativeId: error.nativeId }),
})
