/** A launch of a plugin that is linked into the agent: there is no process that could end. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { type HandshakeResponse, supportedProtocol } from "../../protocol/Handshake.ts"
import { Cookie } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"
import type { Launch } from "./Launch.ts"
import { makeLaunchTypes } from "./LaunchTypes.ts"
import type { LaunchRequest } from "./launchPlugin.ts"
import type { NodeNames } from "./NodeNames.ts"
import { PluginStartFailed } from "./PluginStartFailed.ts"

/** Builds what the plugin needs, and keeps it until the scope closes. Fails if the plugin refuses its settings. */
export const launchInProcess = Effect.fnUntraced(function* (
  plugin: InProcessPlugin,
  { config, entry, generation, operatorSettings }: LaunchRequest,
  nodes: NodeNames["Service"],
): Effect.fn.Return<Launch, PluginStartFailed, Scope.Scope> {
  const { features = [], name, namespace, types, version } = plugin
  const { configure, operator } = yield* plugin
    .launch({ settings: operatorSettings, ...(config === undefined ? {} : { config: Redacted.make(config) }) })
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
  return {
    generation,
    identity,
    // It has handed them over whole.
    types: makeLaunchTypes(identity, () => Effect.succeed([])),
    operator,
    ended: Effect.never,
    inFlight: () => [],
    drain: Effect.void,
    configure,
  }
})
