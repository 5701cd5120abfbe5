/** A plugin and an agent, connected in memory: with frames, but without processes. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import { makeRemoteOperator } from "../../src/agent/launch/RemoteOperator.ts"
import { servePluginBy } from "../../src/plugin/PluginServer.ts"
import type { ResourcePlugin } from "../../src/plugin/ResourcePlugin.ts"
import { supportedProtocol } from "../../src/protocol/Handshake.ts"
import { Cookie, Generation, NodeName } from "../../src/protocol/Identity.ts"
import { PluginRpcs } from "../../src/protocol/PluginRpcs.ts"
import { defaultOperatorSettings, type OperatorSettings } from "../../src/protocol/Settings.ts"
import { makeClientConnection } from "../../src/transport/ClientProtocol.ts"
import { makeStdioPair } from "../../src/transport/StdioPair.ts"
import { clientOf, ours, serverOf, type Sides } from "../transport/echo.ts"

const cookie = Cookie.make("cookie of the test")

export const handshake = (settings: OperatorSettings = defaultOperatorSettings) => ({
  protocol: supportedProtocol,
  agentVersion: "0.1.0",
  agentNode: NodeName.make("agent@localhost"),
  generation: Generation.make(1),
  cookie,
  settings,
})

/** A client of `plugin`, before its handshake. */
export const connect = Effect.fnUntraced(function* <R>(plugin: ResourcePlugin<R>, sides: Sides = ours) {
  const pair = yield* makeStdioPair
  const junk: Array<string> = []
  const identity = { node: NodeName.make("suite-plugin@localhost"), cookie, pid: 1 }
  const server = yield* servePluginBy((group, on) => serverOf(group, on, sides.server), plugin, identity).pipe(
    Effect.provideService(Stdio.Stdio, pair.plugin),
    Effect.forkScoped,
  )
  const connection = yield* makeClientConnection({ onJunk: (line) => Effect.sync(() => void junk.push(line)) }).pipe(
    Effect.provideService(Stdio.Stdio, pair.agent),
  )
  const client = yield* clientOf(PluginRpcs, connection, sides.client)
  return { client, connection, junk, pair, server }
})

/** The operator of `plugin`, with at most `inFlight` operations at a time. */
export const overMemory = Effect.fnUntraced(function* <R>(
  plugin: ResourcePlugin<R>,
  inFlight = 64,
  sides: Sides = ours,
) {
  const connected = yield* connect(plugin, sides)
  yield* connected.client.Handshake(handshake())
  const remote = yield* makeRemoteOperator({
    client: connected.client,
    plugin: plugin.name,
    inFlight,
    limit: Duration.hours(1),
    describeLoss: Effect.succeed("the plugin is gone"),
  })
  return { ...connected, remote, operator: remote.operator }
})
