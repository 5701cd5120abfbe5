/** Serves a plugin over a Stdio, from the handshake until the agent closes its end. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import type * as Scope from "effect/Scope"
import type * as Stdio from "effect/Stdio"
import { PluginRpcs } from "../protocol/PluginRpcs.ts"
import { serveCalls } from "../transport/CallServer.ts"
import { makeServerConnection } from "../transport/ServerProtocol.ts"
import { type LaunchIdentity, pluginHandlers } from "./PluginHandlers.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/**
 * How long calls in flight may continue once stdin has ended. An agent that stops
 * gracefully lets calls finish before it closes stdin. If stdin ends with calls in
 * flight, the agent has died, and the plugin must be gone within a second.
 */
export const inputEndedGrace = Duration.millis(500)

type PluginCalls = RpcGroup.Rpcs<typeof PluginRpcs>

/**
 * Serves `plugin` over the Stdio of the context. Completes when the agent has
 * closed its end and the calls in flight have ended or had half a second to.
 * Dies if stdin cannot be read.
 */
export const servePlugin = <R>(
  plugin: ResourcePlugin<R>,
  identity: LaunchIdentity,
): Effect.Effect<void, never, Stdio.Stdio> => servePluginBy(serveCalls, plugin, identity)

/** The same with a server of the caller's. */
export const servePluginBy = Effect.fnUntraced(function* <R>(
  serve: typeof serveCalls<PluginCalls>,
  plugin: ResourcePlugin<R>,
  identity: LaunchIdentity,
): Effect.fn.Return<void, never, Stdio.Stdio | Scope.Scope> {
  const connection = yield* makeServerConnection
  const server = serve(PluginRpcs, connection).pipe(Effect.provide(pluginHandlers(plugin, identity)))
  const ended = connection.inputEnded.pipe(
    Effect.andThen(Effect.timeoutOption(connection.idle, inputEndedGrace)),
    Effect.andThen(Effect.timeoutOption(connection.flush, inputEndedGrace)),
  )
  // If the server dies, no call is answered. Then the process ends with the cause, instead of waiting for the agent to kill it.
  yield* Effect.raceFirst(server, ended)
}, Effect.scoped)
