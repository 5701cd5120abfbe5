/** Plugins that are linked into the agent's process, as a catalog and a launcher of their own. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SemVer from "effect/SemVer"
import { supportedProtocol } from "../../protocol/Handshake.ts"
import { Cookie } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { NodeNames } from "../launch/NodeNames.ts"
import { PluginLauncher } from "../launch/PluginLauncher.ts"
import { agentVersion } from "../version.ts"

export const linkedCatalog = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<Catalog> =>
  Layer.succeed(
    Catalog,
    Catalog.fromEntries(
      plugins.map(({ name, namespace, version }) => ({
        entryPath: `linked:${name}`,
        manifest: {
          name,
          namespace,
          version: SemVer.parseUnsafe(version),
          protocol: supportedProtocol,
          minAgentVersion: agentVersion,
          entry: `linked:${name}`,
          environment: [],
        },
      })),
    ),
  )

export const linkedLauncher = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<PluginLauncher> =>
  Layer.effect(
    PluginLauncher,
    Effect.gen(function* () {
      const nodes = yield* NodeNames
      const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]))
      return PluginLauncher.of({
        launch: Effect.fnUntraced(function* ({ entry, generation }) {
          const plugin = byName.get(entry.manifest.name)
          if (plugin === undefined) return yield* Effect.die(`${entry.manifest.name} is not linked in`)
          return {
            generation,
            operator: yield* plugin.operator,
            ended: Effect.never,
            inFlight: () => [],
            drain: Effect.void,
            configure: () => Effect.void,
            identity: {
              protocol: supportedProtocol.max,
              name: plugin.name,
              namespace: plugin.namespace,
              version: plugin.version,
              node: nodes.agent,
              cookie: Cookie.make("linked"),
              pid: process.pid,
              types: plugin.types,
            },
          }
        }),
      })
    }),
  ).pipe(Layer.provide(NodeNames.layerLocal))
