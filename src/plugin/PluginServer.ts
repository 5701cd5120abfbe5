/** Serves a plugin over a Stdio, from the handshake until the agent closes its end. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as RpcServer from "effect/rpc/RpcServer"
import type * as Scope from "effect/Scope"
import type * as Stdio from "effect/Stdio"
import { PluginRpcs } from "../protocol/PluginRpcs.ts"
import { makeServerConnection } from "../transport/ServerProtocol.ts"
import { type LaunchIdentity, pluginHandlers } from "./PluginHandlers.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/**
 * How long calls in flight may go on once stdin has ended. An agent that stops
 * in order drains first and closes then, so whoever closes with calls in
 * flight has died; the plugin must be gone a second after it.
 */
export const inputEndedGrace = Duration.millis(500)

/** Completes when the agent has closed its end, and what was in flight has ended or run out of grace. */
export const servePlugin = Effect.fnUntraced(function* <R>(
  plugin: ResourcePlugin<R>,
  identity: LaunchIdentity,
): Effect.fn.Return<void, never, Stdio.Stdio | Scope.Scope> {
  const connection = yield* makeServerConnection
  const server = RpcServer.make(PluginRpcs, { disableFatalDefects: true, disableTracing: true }).pipe(
    Effect.provideService(RpcServer.Protocol, connection.protocol),
    Effect.provide(pluginHandlers(plugin, identity)),
  )
  const ended = connection.inputEnded.pipe(
    Effect.andThen(Effect.timeoutOption(connection.idle, inputEndedGrace)),
    Effect.andThen(Effect.timeoutOption(connection.flush, inputEndedGrace)),
  )
  // A server that dies answers nobody: the process ends with its cause, and not when the agent loses patience.
  yield* Effect.raceFirst(server, ended)
}, Effect.scoped)
