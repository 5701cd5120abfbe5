/** Drives one operation: makes the calls and the waits that its state asks for, and decides nothing. */
import type * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Operation, OperationKind } from "../protocol/Operation.ts"
import type { Progress } from "../protocol/Progress.ts"
import { inSpan } from "../transport/Tracing.ts"
import type { ProviderAnswer, ProviderError } from "./Answer.ts"
import type { OperatorPolicy } from "./OperatorPolicy.ts"
import {
  initialState,
  isNews,
  nextCall,
  type OperatorEvent,
  type OperatorState,
  progressOf,
  transition,
} from "./OperatorState.ts"
import { providerSpanOf } from "./OperationSpan.ts"
import { CurrentLease, ifHeld } from "./PluginLease.ts"
import { makeOperatorWaits } from "./OperatorWaits.ts"
import { callProvider, defectFailure, failureOf, handlerFailure, logDefect, withinLimits } from "./ProviderCall.ts"
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

/** Makes the driver of one operation on the type in `definition`. Nothing is sent to the provider before its first step. */
export const makeOperatorDriver = (
  definition: ResourceDefinition,
  operation: Operation,
  policy: OperatorPolicy,
): OperatorDriver => {
  const { idempotency, type } = definition.capabilities
  let state = initialState(operation)
  const retriesStopped = Deferred.makeUnsafe<void>()
  /** Whether the call that was due was stopped before it sent anything. */
  let isUnsent = false
  const stopping = { requested: retriesStopped, onUnsent: () => void (isUnsent = true) }
  const waitBySchedule = makeOperatorWaits(policy, retriesStopped)

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
  const providerSpan = providerSpanOf(type)
  /** What a call that did not succeed becomes. One that succeeds pays nothing for it. */
  const refusedEvent =
    (handler: OperationKind) =>
    (cause: Cause.Cause<ProviderError>): Effect.Effect<OperatorEvent> =>
      Effect.failCause(cause).pipe(
        Effect.catch((error) => Effect.succeed(refusalOf(error))),
        Effect.catchDefect((defect) => {
          const redact = (text: string) => redactText(definition.capabilities, operation, text)
          const refused: Refusal = { _tag: "Refused", failure: handlerFailure(defect, type, handler) }
          return Effect.as(Effect.annotateLogs(logDefect(defect, type, handler, redact), { operationId }), refused)
        }),
        Effect.map((refused) => {
          const failure = redactFailure(definition.capabilities, operation, refused.failure)
          return isUnsent ? { _tag: "Unsent", failure } : { ...refused, failure }
        }),
      )
  const eventOf = (
    call: Effect.Effect<ProviderAnswer, ProviderError>,
    handler: OperationKind,
  ): Effect.Effect<OperatorEvent> =>
    Effect.annotateLogs(
      Effect.flatMap(CurrentLease, (lease) => ifHeld(lease, call)),
      { operationId },
    ).pipe(
      withinLimits(policy, handler, {
        capabilities: definition.capabilities,
        targetConfig: operation.targetConfig,
        // Polls of accepted work go on.
        stopping: handler === "Status" ? undefined : stopping,
      }),
      inSpan(`provider.${handler}`, providerSpan),
      Effect.map(answered),
      Effect.catchCause(refusedEvent(handler)),
    )

  /** Waits as the current state asks, makes one call, and returns the new state. */
  const advance: Effect.Effect<OperatorState> = Effect.suspend(() => {
    const call = nextCall(state)
    if (call === undefined) return Effect.succeed(state)
    const work = call._tag === "Status" ? call.work : undefined
    const attempt = () =>
      eventOf(callProvider(definition, operation, work), work === undefined ? operation._tag : "Status")
    // The first call waits for nothing. It has a shorter path, because most operations end with it.
    const event =
      state._tag === "NotStarted" ? attempt() : Effect.filterOrElse(waitFor(state), Predicate.isNotUndefined, attempt)
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

type Refusal = Extract<OperatorEvent, { readonly _tag: "Refused" }>

const answered = (answer: ProviderAnswer): OperatorEvent => ({ _tag: "Answered", answer })

const refusalOf = (error: ProviderError): Refusal => ({
  _tag: "Refused",
  failure: failureOf(error),
  ...(error.nativeId === undefined ? {} : { nativeId: error.nativeId }),
})
