/** Drives one operation: makes the calls and the waits that its state asks for, and decides nothing. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import type { Failure } from "../protocol/ErrorCode.ts"
import type { Operation } from "../protocol/Operation.ts"
import type { Progress } from "../protocol/Progress.ts"
import type { OperatorSettings } from "../protocol/Settings.ts"
import { type Answer, ProviderError, succeeded } from "./Answer.ts"
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
import { pollSchedule, retrySchedule } from "./OperatorSchedules.ts"
import type { ResourceDefinition } from "./ResourceDefinition.ts"
import { redacted } from "./redactFailure.ts"

/** One operation on its way. Whoever holds it says when it takes its next step. */
export interface OperatorDriver {
  /** What was reported last. */
  readonly progress: Effect.Effect<Progress>
  /** Runs the operation until there is something to report. After the end it reports the end again. */
  readonly next: Effect.Effect<Progress>
}

type Wait = Effect.Effect<"Waited" | "Exhausted">

/** Waits once for each time it is run; `Exhausted` once its schedule has ended. */
const makeWait = (schedule: Schedule.Schedule<unknown>): Effect.Effect<Wait> =>
  Effect.map(Schedule.toStepWithSleep(schedule), (step) =>
    step(undefined).pipe(
      Effect.as("Waited" as const),
      Pull.catchDone(() => Effect.succeed("Exhausted" as const)),
    ),
  )

/** One call of the provider, and no longer than one may take. */
export const withinCallTimeout =
  ({ callTimeoutMillis }: OperatorSettings) =>
  <A>(call: Effect.Effect<A, ProviderError>): Effect.Effect<A, ProviderError> =>
    Effect.flatMap(Effect.forkChild(call, { startImmediately: true }), (fiber) => {
      // One that has its answer at once needs no timer.
      const exit = fiber.pollUnsafe()
      if (exit !== undefined) return exit
      return Fiber.join(fiber).pipe(
        Effect.timeoutOrElse({
          duration: Duration.millis(callTimeoutMillis),
          orElse: () =>
            Effect.fail(
              ProviderError.of("ServiceTimeout", `The provider did not answer within ${callTimeoutMillis} ms`),
            ),
        }),
        Effect.ensuring(Fiber.interrupt(fiber)),
      )
    })

export const makeOperatorDriver = (
  definition: ResourceDefinition,
  operation: Operation,
  settings: OperatorSettings,
): OperatorDriver => {
  const { idempotency, type } = definition.capabilities
  let state = initialState(operation)
  let pollWait: Wait | undefined
  let retryWait: Wait | undefined

  const waitFor = Effect.fnUntraced(function* (current: OperatorState) {
    switch (current._tag) {
      case "WaitingForResource":
        retryWait = undefined
        pollWait ??= yield* makeWait(pollSchedule(definition.poll ?? settings.poll))
        return yield* pollWait
      case "Retrying":
        retryWait ??= yield* makeWait(retrySchedule(settings.retry))
        return yield* retryWait
      default:
        return "Waited"
    }
  })

  const { operationId } = operation
  const guard = (call: Effect.Effect<Answer, ProviderError>): Effect.Effect<OperatorEvent> =>
    Effect.annotateLogs(call, { operationId }).pipe(
      withinCallTimeout(settings),
      Effect.map((answer): OperatorEvent => ({ _tag: "Answered", answer })),
      Effect.catch((error) => Effect.succeed(refusalOf(error))),
      Effect.catchDefect((defect) =>
        Effect.succeed<OperatorEvent>({ _tag: "Refused", failure: defectFailure(defect, type, operation._tag) }),
      ),
      Effect.map((event) =>
        event._tag === "Refused"
          ? { ...event, failure: redacted(definition.capabilities, operation, event.failure) }
          : event,
      ),
    )

  /** Waits as the present state asks, makes one call, and returns the new state. */
  const advance: Effect.Effect<OperatorState> = Effect.suspend(() => {
    const call = nextCall(state)
    if (call === undefined) return Effect.succeed(state)
    const work = call._tag === "Status" ? call.work : undefined
    const attempt = guard(callProvider(definition, operation, work))
    // An operation that has not started waits for nothing: the short way, for most operations end on it.
    const event =
      state._tag === "NotStarted"
        ? attempt
        : Effect.flatMap(waitFor(state), (waited) =>
            waited === "Waited" ? attempt : Effect.succeed<OperatorEvent>({ _tag: "RetriesExhausted" }),
          )
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
  }
}

const callProvider = (
  definition: ResourceDefinition,
  operation: Operation,
  work: AcceptedWork | undefined,
): Effect.Effect<Answer, ProviderError> => {
  if (work !== undefined) {
    const { label, operationId, resourceType, targetConfig } = operation
    return definition.status === undefined
      ? Effect.fail(
          ProviderError.of("UnforeseenError", `${resourceType} answers "in progress" and has no status handler`),
        )
      : definition.status({ label, operationId, resourceType, targetConfig, ...work })
  }
  switch (operation._tag) {
    case "Create":
      return definition.create(operation)
    case "Read":
      return Effect.map(definition.read(operation), (properties) =>
        succeeded({ nativeId: operation.nativeId, properties }),
      )
    case "Update":
      return definition.update === undefined
        ? Effect.fail(ProviderError.of("NotUpdatable", `${operation.resourceType} cannot be changed in place`))
        : definition.update(operation)
    case "Delete":
      return definition.delete(operation)
    case "Status":
      return Effect.die("a Status operation begins with accepted work")
  }
}

const refusalOf = (error: ProviderError): OperatorEvent => ({
  _tag: "Refused",
  failure: failureOf(error),
  ...(error.nativeId === undefined ? {} : { nativeId: error.nativeId }),
})

export const failureOf = ({ code, message }: ProviderError): Failure => ({ code, message })

/** A defect is a mistake in the plugin's code: its failure says where to look. */
export const defectFailure = (defect: unknown, type: string, operation: string): Failure => ({
  code: "UnforeseenError",
  message: `${type}: the ${operation} handler threw: ${defect instanceof Error ? defect.message : String(defect)}`,
})
