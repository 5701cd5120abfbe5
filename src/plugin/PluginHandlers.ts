/** The handlers of PluginRpcs. The handshake comes first, then operations. */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Rpc from "effect/rpc/Rpc"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { supportedFeatures, telemetryFeature } from "../protocol/Features.ts"
import {
  chooseProtocol,
  formatProtocol,
  HandshakeRefused,
  type HandshakeRequest,
  type HandshakeResponse,
  supportedProtocol,
} from "../protocol/Handshake.ts"
import type { Cookie, NodeName, OperationId, ResourceType } from "../protocol/Identity.ts"
import { type OperationNotSupported, ProtocolError } from "../protocol/OperatorError.ts"
import type { Operation, ReadRequest } from "../protocol/Operation.ts"
import { PluginRpcs } from "../protocol/PluginRpcs.ts"
import { isFinished, type Progress } from "../protocol/Progress.ts"
import { inSpan } from "../transport/Tracing.ts"
import { type LocalOperator, makeLocalOperator } from "./LocalOperator.ts"
import { callSpanOf, inOperationSpan } from "./OperationSpan.ts"
import { PluginTelemetry } from "./PluginTelemetry.ts"
import { heldProgress, heldRecovery } from "./heldAnswers.ts"
import type { OperatorDriver } from "./OperatorDriver.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"
import { describeTypes, typesFor } from "./typeDescriptions.ts"

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

type CallFailure = OperationNotSupported | ProtocolError

/** The progress of an operation up to its end. */
const progressOf = ({ next }: OperatorDriver): Stream.Stream<Progress> =>
  Stream.unfold(false, (ended) =>
    ended ? Effect.undefined : Effect.map(next, (progress) => [heldProgress(progress), isFinished(progress)] as const),
  )

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
      /** Operations that have answered "in progress" and wait for their Watch. An operation runs only while it is watched. */
      const unwatched = new Map<OperationId, OperatorDriver>()
      /** All operations that have not ended. Undefined while one is being prepared. */
      const underWay = new Map<OperationId, OperatorDriver | undefined>()

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
        yield* beginTelemetry(request)
        localOperator = yield* makeLocalOperator(plugin, { settings: request.settings, config: request.config }).pipe(
          Scope.provide(scope),
          Effect.onError(() => Effect.sync(() => (handshakeBegun = false))),
        )
        return response
      })

      const start = (operation: Operation): Effect.Effect<Progress, CallFailure> =>
        afterHandshake((operator): Effect.Effect<Progress, CallFailure> => {
          const { operationId } = operation
          const driver = unwatched.get(operationId)
          // Sent again before it was watched: the answer is the same as the first time.
          if (driver !== undefined) return driver.progress
          if (underWay.has(operationId)) {
            return Effect.fail(new ProtocolError({ message: `The operation ${operationId} is under way already` }))
          }
          underWay.set(operationId, undefined)
          return Effect.flatMap(Effect.flatMap(operator.begin(operation), inOperationSpan(operation)), (driver) => {
            underWay.set(operationId, driver)
            return Effect.map(driver.next, (progress) => {
              if (!isFinished(progress)) unwatched.set(operationId, driver)
              return heldProgress(progress)
            })
          }).pipe(Effect.onExit(() => Effect.sync(() => unwatched.has(operationId) || underWay.delete(operationId))))
        })

      const watch = (operationId: OperationId): Stream.Stream<Progress, ProtocolError> =>
        Stream.suspend(() => {
          const driver = unwatched.get(operationId)
          if (driver === undefined) {
            return Stream.fail(new ProtocolError({ message: `There is no operation ${operationId} to watch` }))
          }
          unwatched.delete(operationId)
          return progressOf(driver).pipe(Stream.ensuring(Effect.sync(() => underWay.delete(operationId))))
        })

      return PluginRpcs.of({
        Handshake: answerHandshake,
        Configure: (settings) => afterHandshake((operator) => operator.configure(settings)),
        Describe: ({ types }) => afterHandshake(() => describeTypes(plugin, types)),
        Create: (request) => start({ _tag: "Create", ...request }),
        Read: (request) => ask("Read", request, (operator) => read(operator, request)),
        Update: (request) => start({ _tag: "Update", ...request }),
        Delete: (request) => start({ _tag: "Delete", ...request }),
        Status: (request) => start({ _tag: "Status", ...request }),
        Recover: (request) => ask("Recover", request, ({ recover }) => Effect.map(recover(request), heldRecovery)),
        Canonicalize: (request) => ask("Canonicalize", request, ({ canonicalize }) => canonicalize(request)),
        Identify: (request) => ask("Identify", request, ({ identify }) => identify(request)),
        Watch: ({ operationId }) => watch(operationId),
        // An operation that has ended already has nothing to stop.
        StopRetrying: ({ operationId }) => afterHandshake(() => underWay.get(operationId)?.stopRetrying ?? Effect.void),
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
