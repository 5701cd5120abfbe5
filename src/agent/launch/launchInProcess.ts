/** A launch of a plugin that is linked into the agent: there is no process that could end. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type HandshakeResponse, supportedProtocol } from "../../protocol/Handshake.ts"
import { Cookie } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"
import { ConnectionLost } from "../../protocol/OperatorError.ts"
import type { PluginOperatorShape } from "../../protocol/PluginOperator.ts"
import { type Admission, makeAdmission } from "./Admission.ts"
import type { Launch } from "./Launch.ts"
import { makeLaunchTypes } from "./LaunchTypes.ts"
import { Lease } from "./Lease.ts"
import { leased } from "./leased.ts"
import type { LaunchRequest } from "./launchPlugin.ts"
import type { NodeNames } from "./NodeNames.ts"
import { PluginStartFailed } from "./PluginStartFailed.ts"
import { withoutRateLimit } from "./rateLimited.ts"
import { sharedRate } from "./sharedRate.ts"

/** More calls than there are. */
const unlimited = 2 ** 30

/** The operator with the calls that are taken. One that is not taken was not sent, as to a process that has ended. */
const admitted = (operator: PluginOperatorShape, { inTurn }: Admission): PluginOperatorShape => {
  const whole = <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E | ConnectionLost> =>
    inTurn<A, E | ConnectionLost>(
      call,
      Effect.suspend(() => Effect.fail(new ConnectionLost({ message: "The call was not made", sent: false }))),
    )
  return {
    ...operator,
    perform: (operation, observe) => whole(operator.perform(operation, observe)),
    list: (request) => whole(operator.list(request)),
    canonicalize: (request) => whole(operator.canonicalize(request)),
    identify: (request) => whole(operator.identify(request)),
    recover: (request) => whole(operator.recover(request)),
  }
}

/** Builds what the plugin needs, and keeps it until the scope closes. Fails if the plugin refuses its settings. */
export const launchInProcess = Effect.fnUntraced(function* (
  plugin: InProcessPlugin,
  { config, entry, generation, operatorSettings }: LaunchRequest,
  nodes: NodeNames["Service"],
): Effect.fn.Return<Launch, PluginStartFailed, Scope.Scope> {
  const { features = [], name, namespace, types, version } = plugin
  const { configure, operator } = yield* plugin
    .launch({
      settings: withoutRateLimit(operatorSettings),
      ...(config === undefined ? {} : { config: Redacted.make(config) }),
    })
    .pipe(
      Effect.mapError(
        ({ message }) =>
          new PluginStartFailed({
            plugin: name,
            generation,
            entry: entry.entryPath,
            cause: { _tag: "Refused", message },
            output: [],
          }),
      ),
    )
  const rate = yield* sharedRate(namespace, operatorSettings, (settings) => Effect.as(configure(settings), true))
  if (operatorSettings.rateLimit !== undefined) yield* rate.configure(operatorSettings)
  const identity: HandshakeResponse = {
    protocol: supportedProtocol.max,
    name,
    namespace,
    version,
    node: nodes.agent,
    cookie: Cookie.make("in-process"),
    pid: process.pid,
    types,
    features,
  }
  const admission = makeAdmission(unlimited)
  const admittedOperator = rate.shared(admitted(operator, admission))
  const lease = yield* Lease
  return {
    generation,
    identity,
    // It has handed them over whole.
    types: makeLaunchTypes(identity, () => Effect.succeed([])),
    operator: lease === undefined ? admittedOperator : leased(admittedOperator, lease),
    ended: Effect.never,
    inFlight: () => [],
    admission,
    configure: rate.configure,
  }
})
