/** An operator that outlives the launches of its plugin. Each operation goes to the launch that serves at that time. */
import * as Effect from "effect/Effect"
import type { OperationId } from "../../protocol/Identity.ts"
import { ConnectionLost, OperationNotSupported, type OperatorError } from "../../protocol/OperatorError.ts"
import { PluginOperator, type PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import type { IdentifyFailed, ListFailed } from "../../protocol/PluginRpcs.ts"
import type { PluginUnavailable } from "./PluginUnavailable.ts"
import type { Supervisor } from "./Supervisor.ts"

type CallError = OperatorError | IdentifyFailed | ListFailed

/** An operation that was not sent before its launch ended goes to the next one. */
export const makeRoutedOperator = (supervisor: Supervisor): PluginOperatorShape => {
  const onLaunch = <A, E extends CallError>(
    operationId: OperationId,
    call: (operator: PluginOperatorShape) => Effect.Effect<A, E>,
  ): Effect.Effect<A, E | ConnectionLost> =>
    supervisor.used(
      Effect.flatMap(Effect.mapError(supervisor.ready(operationId), notSent), (launch) =>
        Effect.catchIf(call(launch.operator), wasNotSent, () =>
          // The launch accepts nothing more. That is bounded, and then there is a next one, or it serves again.
          Effect.flatMap(supervisor.untilNext(launch, false), () => onLaunch(operationId, call)),
        ),
      ),
    )
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

const notSent = ({ message }: PluginUnavailable) => new ConnectionLost({ message, sent: false })

const wasNotSent = (error: CallError): boolean => error._tag === "ConnectionLost" && !error.sent
