/** The handlers of PluginRpcs. The handshake comes first, then operations. */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Rpc from "effect/rpc/Rpc"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import * as Scope from "effect/Scope"
import { supportedFeatures, telemetryFeature } from "../protocol/Features.ts"
import {
  chooseProtocol,
  formatProtocol,
  HandshakeRefused,
  type HandshakeRequest,
  type HandshakeResponse,
  supportedProtocol,
} from "../protocol/Handshake.ts"
import type { Cookie, NodeName, ResourceType } from "../protocol/Identity.ts"
import { ProtocolError } from "../protocol/OperatorError.ts"
import type { ReadRequest } from "../protocol/Operation.ts"
import { PluginRpcs } from "../protocol/PluginRpcs.ts"
import { inSpan } from "../transport/Tracing.ts"
import { type LocalOperator, makeLocalOperator } from "./LocalOperator.ts"
import { callSpanOf } from "./OperationSpan.ts"
import { PluginTelemetry } from "./PluginTelemetry.ts"
import { heldProgress, heldRecovery } from "./heldAnswers.ts"
import { makePluginLease } from "./PluginLease.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"
import { describeTypes, typesFor } from "./typeDescriptions.ts"
import { makeUnderWay, type UnderWay } from "./UnderWay.ts"

/** What a plugin's process knows about its launch before the handshake. */
export interface LaunchIdentity {
  /** The name that the agent has given it, such as `fake-aws-plugin@localhost`. */
  readonly node: NodeName
  /** The secret of the launch, which the agent's handshake must show. */
  readonly cookie: Cookie
  /** The id of its process. */
  readonly pid: number
}

/** For a Read, which has one answer and so reports no progress before its end. */
const ignoreProgress = () => Effect.void

/** Runs a call that is asked and answered, in its span. */
type Asking = <A, E>(
  call: string,
  of: { readonly resourceType: ResourceType },
  answer: (operator: LocalOperator) => Effect.Effect<A, E>,
) => Effect.Effect<A, E | ProtocolError>

/** From the handshake on, if the agent reads it. */
const beginTelemetry = ({ features = [] }: HandshakeRequest): Effect.Effect<void> =>
  Effect.map(PluginTelemetry, (telemetry) => {
    if (features.includes(telemetryFeature)) telemetry?.begin()
  })

const read = (operator: LocalOperator, request: ReadRequest) =>
  Effect.map(operator.perform({ _tag: "Read", ...request }, ignoreProgress), heldProgress)

/** The handlers of one launch of `plugin`. */
export const pluginHandlers = <R>(
  plugin: ResourcePlugin<R>,
  identity: LaunchIdentity,
): Layer.Layer<Rpc.ToHandler<RpcGroup.Rpcs<typeof PluginRpcs>>> =>
  PluginRpcs.toLayer(
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      /** Made by the handshake, and kept until the launch ends. */
      let localOperator: LocalOperator | undefined
      /** Set before the operator is made, so that two handshakes at the same time make only one. */
      let handshakeBegun = false
      const lease = yield* makePluginLease
      const underWay = makeUnderWay(lease)

      const afterHandshake = <A, E>(
        call: (operator: LocalOperator) => Effect.Effect<A, E>,
      ): Effect.Effect<A, E | ProtocolError> =>
        Effect.suspend((): Effect.Effect<A, E | ProtocolError> =>
          localOperator === undefined
            ? Effect.fail(new ProtocolError({ message: "The first call must be the Handshake" }))
            : call(localOperator),
        )

      const ask: Asking = (call, { resourceType }, answer) =>
        inSpan(call, callSpanOf(resourceType))(afterHandshake(answer))

      const answerHandshake = Effect.fnUntraced(function* (request: HandshakeRequest) {
        const response = yield* checkHandshake(plugin, identity, request)
        if (handshakeBegun) return yield* new HandshakeRefused({ message: "This launch has had its handshake already" })
        handshakeBegun = true
        yield* lease.begin
        yield* beginTelemetry(request)
        localOperator = yield* makeLocalOperator(plugin, { settings: request.settings, config: request.config }).pipe(
          Scope.provide(scope),
          Effect.onError(() => Effect.sync(() => (handshakeBegun = false))),
        )
        return response
      })

      const start = (operation: Parameters<UnderWay["start"]>[1]) =>
        afterHandshake((operator) => underWay.start(operator, operation))

      return PluginRpcs.of({
        Handshake: answerHandshake,
        Configure: (settings) => afterHandshake((operator) => operator.configure(settings)),
        Lease: (request) => afterHandshake(() => lease.renew(request)),
        Describe: ({ types }) => afterHandshake(() => describeTypes(plugin, types)),
        Create: (request) => start({ _tag: "Create", ...request }),
        Read: (request) => ask("Read", request, (operator) => read(operator, request)),
        Update: (request) => start({ _tag: "Update", ...request }),
        Delete: (request) => start({ _tag: "Delete", ...request }),
        Status: (request) => start({ _tag: "Status", ...request }),
        Recover: (request) => ask("Recover", request, ({ recover }) => Effect.map(recover(request), heldRecovery)),
        Canonicalize: (request) => ask("Canonicalize", request, ({ canonicalize }) => canonicalize(request)),
        Identify: (request) => ask("Identify", request, ({ identify }) => identify(request)),
        Watch: ({ operationId }) => underWay.watch(operationId),
        StopRetrying: ({ operationId }) => afterHandshake(() => underWay.stopRetrying(operationId)),
        List: (request) => ask("List", request, ({ list }) => list(request)),
      })
    }),
  )

/** The answer to a handshake of this launch in a common version. Any other one is refused. */
const checkHandshake = <R>(
  plugin: ResourcePlugin<R>,
  identity: LaunchIdentity,
  request: HandshakeRequest,
): Effect.Effect<HandshakeResponse, HandshakeRefused> => {
  if (request.cookie !== identity.cookie) {
    return Effect.fail(
      new HandshakeRefused({
        message: "The cookie of the handshake is not the one of this launch: only the agent that started it may use it",
      }),
    )
  }
  const protocol = chooseProtocol(supportedProtocol, request.protocol)
  if (protocol === undefined) {
    const ours = formatProtocol(supportedProtocol)
    const theirs = formatProtocol(request.protocol)
    return Effect.fail(
      new HandshakeRefused({
        message: `The plugin ${plugin.name} ${plugin.version} speaks protocol ${ours}, the agent ${request.agentVersion} speaks ${theirs}: upgrade the ${request.protocol.max < supportedProtocol.min ? "agent" : "plugin"}`,
      }),
    )
  }
  return Effect.succeed({
    protocol,
    name: plugin.name,
    namespace: plugin.namespace,
    version: plugin.version,
    node: identity.node,
    cookie: identity.cookie,
    pid: identity.pid,
    types: typesFor(plugin, request.features),
    features: supportedFeatures,
  })
}
