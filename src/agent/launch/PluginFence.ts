/**
 * Gives a plugin with the feature `lease` the rest of the agent's lease, each time
 * that it is renewed, and names the term in what is sent to it. So a plugin stops
 * by itself when its agent is silent, and refuses what the agent has sent late.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RpcClientError } from "effect/rpc/RpcClientError"
import type * as Scope from "effect/Scope"
import type { Operation } from "../../protocol/Operation.ts"
import { ProtocolError } from "../../protocol/OperatorError.ts"
import type { OperationError } from "../../protocol/PluginRpcs.ts"
import type { Progress } from "../../protocol/Progress.ts"
import { makeNow, millisBetween, type Moment } from "../../transport/LeaseTime.ts"
import * as RunningTime from "../../transport/RunningTime.ts"
import { type AgentLease, agentLeaseEnded, CurrentTerm } from "./Lease.ts"
import { isActing } from "./leased.ts"
import type { PluginClient } from "./PluginClient.ts"
import { type SendOperation, sendOperation } from "./RemoteOperator.ts"

export interface PluginFence {
  /** Sends an operation in its term. One that the plugin has refused is sent again when it may act. */
  readonly send: SendOperation
  /** Completes when the plugin has taken the next renewal. Fails if it takes none any more. */
  readonly renewed: Effect.Effect<void, ProtocolError>
}

interface PluginFenceOptions {
  readonly client: PluginClient
  readonly lease: AgentLease
  /** The name of the plugin. */
  readonly plugin: string
  /** How long the launch waits for the plugin to take its first lease. */
  readonly limit: Duration.Duration
}

/** Made when the handshake was answered. It gives the plugin its lease until the scope closes. */
export const makePluginFence = Effect.fnUntraced(function* ({
  client,
  lease,
  limit,
  plugin,
}: PluginFenceOptions): Effect.fn.Return<PluginFence, never, Scope.Scope> {
  const now = yield* makeNow
  /** When the last answer was read: the plugin counts from before that. */
  let answeredAt = now()
  /** What the plugin was last told. */
  let told: Moment | undefined
  let taken = Deferred.makeUnsafe<void, ProtocolError>()

  const tell = Effect.suspend(() => {
    const term = lease.current()
    const end = term?.end()
    // It may have been renewed while the plugin was told.
    if (term === undefined || end === undefined || end === told) return lease.renewed
    const remainingMillis = Math.max(Math.floor(millisBetween(answeredAt, end)), 0)
    return Effect.map(client.Lease({ term: term.term, remainingMillis }), () => {
      answeredAt = now()
      told = end
      const waiting = taken
      taken = Deferred.makeUnsafe()
      Deferred.doneUnsafe(waiting, Effect.void)
    })
  })
  // If an answer is missing, it is not known what the plugin counts the next one from. So there is none.
  const first = taken
  yield* Effect.forever(tell).pipe(
    Effect.catchCause((cause) => {
      const message = `The plugin ${plugin} did not take its lease, so nothing is sent to it any more: ${Cause.pretty(cause)}`
      Deferred.doneUnsafe(taken, Effect.fail(new ProtocolError({ message })))
      return Effect.void
    }),
    Effect.forkScoped({ startImmediately: true }),
  )
  if (lease.current() !== undefined) yield* RunningTime.timeoutOption(Effect.exit(Deferred.await(first)), limit)

  const renewed = Effect.suspend(() => Deferred.await(taken))
  const sendIn = (operation: Exclude<Operation, { readonly _tag: "Read" }>): Sent =>
    Effect.flatMap(CurrentTerm, (term): Sent =>
      term === undefined || term.isOver()
        ? Effect.fail(agentLeaseEnded(false))
        : Effect.catchIf(
            sendOperation(client, { ...operation, leaseTerm: term.term }),
            (error) => error._tag === "LeaseEnded" && !error.begun && !term.isOver(),
            () =>
              Effect.andThen(
                renewed,
                Effect.suspend(() => sendIn(operation)),
              ),
          ),
    )
  return { send: (operation) => (isActing(operation) ? sendIn(operation) : sendOperation(client, operation)), renewed }
})

type Sent = Effect.Effect<Progress, OperationError | RpcClientError>
