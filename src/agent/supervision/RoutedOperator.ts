/** An operator that outlives the launches of its plugin. Each operation goes to the launch that serves at that time. */
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type { OperationId } from "../../protocol/Identity.ts"
import { ConnectionLost, OperationNotSupported, type OperatorError } from "../../protocol/OperatorError.ts"
import { PluginOperator, type PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import type { IdentifyFailed, ListFailed } from "../../protocol/PluginRpcs.ts"
import type { Supervisor } from "./Supervisor.ts"

type CallError = OperatorError | IdentifyFailed | ListFailed

/** An operation that was not sent before its launch ended goes to the next one. */
export const makeRoutedOperator = (supervisor: Supervisor): PluginOperatorShape => {
  const onLaunch = Effect.fnUntraced(function* <A, E extends CallError>(
    operationId: OperationId,
    call: (operator: PluginOperatorShape) => Effect.Effect<A, E>,
  ): Effect.fn.Return<A, E | ConnectionLost> {
    while (true) {
      const launch = yield* Effect.mapError(
        supervisor.ready(operationId),
        (error) => new ConnectionLost({ message: error.message, sent: false }),
      )
      const result = yield* Effect.result(call(launch.operator))
      if (!wasNotSent(result)) return yield* Effect.fromResult(result)
      // The launch accepts nothing more. Its end is bounded, and then there is a next one.
      yield* launch.ended
    }
  })
  return PluginOperator.of({
    perform: (operation, observe) =>
      onLaunch(operation.operationId, (operator) => supervisor.perform(operator, operation, observe)),
    canonicalize: (request) => onLaunch(request.operationId, (operator) => operator.canonicalize(request)),
    identify: (request) => onLaunch(request.operationId, (operator) => operator.identify(request)),
    stopRetrying: (operationId) => onLaunch(operationId, ({ stopRetrying = cannotStop }) => stopRetrying(operationId)),
    recover: (request) => onLaunch(request.operationId, (operator) => operator.recover(request)),
    list: (request) => onLaunch(request.operationId, (operator) => operator.list(request)),
  })
}

const cannotStop = () =>
  Effect.fail(
    new OperationNotSupported({ operation: "StopRetrying", message: "The operator cannot be made to stop retrying" }),
  )

const wasNotSent = (result: Result.Result<unknown, CallError>): boolean =>
  result._tag === "Failure" && result.failure._tag === "ConnectionLost" && !result.failure.sent
