/** What keeps a launch from acting for an agent that may not act any more. Without a lease it is nothing. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { leaseFeature } from "../../protocol/Features.ts"
import type { HandshakeResponse } from "../../protocol/Handshake.ts"
import type { LaunchId } from "../../protocol/Identity.ts"
import type { PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import { makeGuardFence } from "./GuardFence.ts"
import type { GuardProcess } from "./GuardProcess.ts"
import { agentLeaseEnded, CurrentTerm, Lease } from "./Lease.ts"
import { isActing, leased } from "./leased.ts"
import type { PluginClient } from "./PluginClient.ts"
import { makePluginFence } from "./PluginFence.ts"
import { type SendOperation, sendOperation } from "./RemoteOperator.ts"
import { StartFailure } from "./StartFailure.ts"

export interface LaunchFence {
  /** Sends an operation, unless its term is over by then. Undefined where there is no lease. */
  readonly send: SendOperation | undefined
  /** Whether the guard may have ended the launch by now. Undefined where it does not do so. */
  readonly isGuardsTime?: () => boolean
  /** The same operator, whose operations end with their term. */
  readonly fenced: (operator: PluginOperatorShape) => PluginOperatorShape
}

interface FenceOptions {
  readonly client: PluginClient
  readonly identity: Pick<HandshakeResponse, "features" | "name">
  readonly launch: LaunchId
  readonly pid: number
  /** How long the launch waits for the plugin to take its first lease. */
  readonly limit: Duration.Duration
}

const none: LaunchFence = { send: undefined, fenced: (operator) => operator }

/** Made when the handshake was answered. Fails where the launch cannot be kept from acting. */
export const fenceLaunch = Effect.fnUntraced(function* ({
  client,
  identity,
  launch,
  limit,
  pid,
}: FenceOptions): Effect.fn.Return<LaunchFence, StartFailure, GuardProcess | Scope.Scope> {
  const lease = yield* Lease
  if (lease === undefined) return none
  if (identity.features?.includes(leaseFeature) !== true) {
    const isGuardsTime = yield* Effect.mapError(
      makeGuardFence({ lease, launch, pid, plugin: identity.name }),
      (message) => StartFailure.cases.Refused.make({ message }),
    )
    return { send: sendInTerm(client), isGuardsTime, fenced: (operator) => leased(operator, lease) }
  }
  const { renewed, send } = yield* makePluginFence({ client, lease, limit, plugin: identity.name })
  return { send, fenced: (operator) => leased(operator, lease, renewed) }
})

/** A plugin without the feature is sent what it always was. */
const sendInTerm =
  (client: PluginClient): SendOperation =>
  (operation) =>
    Effect.flatMap(CurrentTerm, (term): ReturnType<SendOperation> =>
      isActing(operation) && term?.isOver() !== false
        ? Effect.fail(agentLeaseEnded(false))
        : sendOperation(client, operation),
    )
