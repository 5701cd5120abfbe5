/** One call of the provider: which handler it goes to, how long it may take, and what a failure of it becomes. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Predicate from "effect/Predicate"
import type { Failure } from "../protocol/ErrorCode.ts"
import type { Operation } from "../protocol/Operation.ts"
import type { OperatorSettings } from "../protocol/Settings.ts"
import * as RunningTime from "../transport/RunningTime.ts"
import { ProviderError, succeeded, type ProviderAnswer } from "./Answer.ts"
import { authorFrame, stackOf } from "./DefectPlace.ts"
import type { AcceptedWork } from "./OperatorState.ts"
import type { LimitedCall, RequestLimits } from "./RequestLimits.ts"
import { type RequestTurns, timeoutOfTurns } from "./RequestTurns.ts"
import type { ResourceDefinition } from "./ResourceDefinition.ts"

/** Calls the handler of the operation or, if the provider has accepted the work, the status handler. */
export const callProvider = (
  definition: ResourceDefinition,
  operation: Operation,
  work: AcceptedWork | undefined,
): Effect.Effect<ProviderAnswer, ProviderError> => {
  if (work !== undefined) {
    const { label, operationId, resourceType, targetConfig } = operation
    return definition.status === undefined
      ? Effect.fail(
          ProviderError.of("UnforeseenError", `${resourceType} answered "in progress" but has no status handler`),
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

/** How long one call of the provider may take, the plugin that says so when it takes longer, and how often requests may be made. */
export interface CallLimit extends Pick<OperatorSettings, "callTimeoutMillis"> {
  /** The name of the plugin. */
  readonly plugin: string
  /** How often requests may be made. It holds for all calls, and changes while they are under way. */
  readonly requests: RequestLimits
}

/**
 * The same call within the limits: it takes its turns by the rate limit, and the
 * time limit of the settings counts what is left. Each call of the provider that
 * an operation makes goes through here, retries and polls included.
 */
export const withinLimits = (
  limit: CallLimit,
  handler: string,
  to: LimitedCall,
): (<A>(call: Effect.Effect<A, ProviderError>) => Effect.Effect<A, ProviderError>) => {
  const { type } = to.capabilities
  const turns = limit.requests.turnsOf(to)
  return turns === undefined
    ? withinCallTimeout(limit, type, handler)
    : (call) => Effect.flatMap(turns, (made) => inTurn(limit, type, handler, call, made))
}

const inTurn = <A>(
  limit: CallLimit,
  type: string,
  handler: string,
  call: Effect.Effect<A, ProviderError>,
  turns: RequestTurns,
): Effect.Effect<A, ProviderError> => {
  const { countsCalls } = limit.requests
  const timed = countsCalls
    ? Effect.andThen(turns.next, withinCallTimeout(limit, type, handler)(call))
    : timeoutOfTurns(call, turns, timeout(limit, type, handler))
  return Effect.tapError(timed, ({ code }) => Effect.sync(() => code === "Throttling" && turns.slowDown()))
}

const timeout = ({ callTimeoutMillis, plugin }: CallLimit, type: string, handler: string) => ({
  duration: Duration.millis(callTimeoutMillis),
  orElse: () =>
    Effect.fail(
      ProviderError.of(
        "ServiceTimeout",
        `${type}: the ${handler} handler of the plugin ${plugin} did not answer within ${callTimeoutMillis} ms`,
      ),
    ),
})

/** The same call with the time limit of the settings. Past it, the call is interrupted and fails with `ServiceTimeout`, which names the `handler` of the `type`. */
const withinCallTimeout =
  (limit: CallLimit, type: string, handler: string) =>
  <A>(call: Effect.Effect<A, ProviderError>): Effect.Effect<A, ProviderError> =>
    Effect.flatMap(Effect.forkChild(call, { startImmediately: true }), (fiber) => {
      // A call that has its answer already needs no timer.
      const exit = fiber.pollUnsafe()
      if (exit !== undefined) return exit
      const answered = RunningTime.timeoutOrElse(Fiber.join(fiber), timeout(limit, type, handler))
      return Effect.ensuring(answered, Fiber.interrupt(fiber))
    })

/** The failure that a handler reported, as it crosses the wire. */
export const failureOf = ({ code, message, retryAfterMillis }: ProviderError): Failure => ({
  code,
  message,
  ...(retryAfterMillis === undefined ? {} : { retryAfterMillis }),
})

/** The failure for a defect of `source`, which is a mistake in the code of the plugin or of its host. It says where to look. */
export const defectFailure = (defect: unknown, type: string, source: string): Failure => ({
  code: "UnforeseenError",
  message: `${type}: the ${source} threw: ${Predicate.isError(defect) ? defect.message : String(defect)}`,
})

/** The failure for a defect of the handler of `operation`, with the place in the code of its author. */
export const handlerFailure = (defect: unknown, type: string, operation: string): Failure => {
  const failure = defectFailure(defect, type, `${operation} handler`)
  const frame = authorFrame(defect)
  return frame === undefined ? failure : { ...failure, message: `${failure.message} (at ${frame})` }
}

/** Logs the whole stack of a defect of a handler, of which the failure has the top frame alone. `redact` takes secrets out of it. */
export const logDefect = (
  defect: unknown,
  type: string,
  operation: string,
  redact: (text: string) => string,
): Effect.Effect<void> => Effect.logWarning(redact(`${type}: the ${operation} handler threw\n${stackOf(defect)}`))
