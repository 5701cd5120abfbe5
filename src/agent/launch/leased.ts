/** The operations of one launch, under the lease of the agent. What changes nothing needs no lease. */
import * as Effect from "effect/Effect"
import type { Operation } from "../../protocol/Operation.ts"
import { LeaseEnded, type OperatorError, type ProtocolError } from "../../protocol/OperatorError.ts"
import { PluginOperator, type PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import { type AgentLease, agentLeaseEnded, CurrentTerm } from "./Lease.ts"

/** Whether an operation may change something, and so needs the lease. */
export const isActing = (operation: Operation): operation is Exclude<Operation, { readonly _tag: "Read" }> =>
  operation._tag !== "Read"

/**
 * Ends each operation that may change something with `LeaseEnded` when the term
 * is over in which it began. `pluginRenewed` completes when the plugin may act
 * again that has stopped by itself while the term went on.
 */
export const leased = (
  operator: PluginOperatorShape,
  lease: AgentLease,
  pluginRenewed: Effect.Effect<void, ProtocolError> = Effect.void,
): PluginOperatorShape => ({
  ...PluginOperator.of(operator),
  perform: (operation, observe) =>
    isActing(operation)
      ? Effect.flatMap(CurrentTerm, (begunIn) => {
          const term = begunIn ?? lease.current()
          if (term === undefined || term.isOver()) return Effect.fail(agentLeaseEnded(false))
          const performed = operator.perform(operation, observe).pipe(
            Effect.provideService(CurrentTerm, term),
            Effect.catchTag("LeaseEnded", ({ begun, message }) =>
              Effect.andThen(
                term.isOver() ? Effect.void : pluginRenewed,
                Effect.suspend(() => Effect.fail(new LeaseEnded({ message, begun, isRenewed: !term.isOver() }))),
              ),
            ),
          )
          const over: Effect.Effect<never, OperatorError> = Effect.andThen(
            term.over,
            Effect.fail(agentLeaseEnded(true)),
          )
          return Effect.raceFirst(performed, over)
        })
      : operator.perform(operation, observe),
})
