/** An operator that outlives the launches of its plugin. Each operation goes to the launch that serves at that time. */
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import type { OperationId } from "../../protocol/Identity.ts"
import { ConnectionLost, type OperatorError } from "../../protocol/OperatorError.ts"
import { PluginOperator } from "../../protocol/PluginOperator.ts"
import type { ListFailed } from "../../protocol/PluginRpcs.ts"
import type { Supervisor } from "./Supervisor.ts"

/** An operation that was not sent before its launch ended goes to the next one. */
export const makeRoutedOperator = (supervisor: Supervisor): PluginOperator["Service"] => {
  const onLaunch = Effect.fnUntraced(function* <A, E extends OperatorError | ListFailed>(
    operationId: OperationId,
    call: (operator: PluginOperator["Service"]) => Effect.Effect<A, E>,
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
    recover: (request) => onLaunch(request.operationId, (operator) => operator.recover(request)),
    list: (request) => onLaunch(request.operationId, (operator) => operator.list(request)),
  })
}

const wasNotSent = (result: Result.Result<unknown, OperatorError | ListFailed>): boolean =>
  result._tag === "Failure" && result.failure._tag === "ConnectionLost" && !result.failure.sent
