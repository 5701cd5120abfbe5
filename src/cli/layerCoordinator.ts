/** Keeps the plugins of some folders alive, and says in the log what somebody should know of one, at its first launch. One that was added has served from then on. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import { supervisionOptionsOf } from "../agent/configuration/supervisionOptionsOf.ts"
import { wantedVersions } from "../agent/configuration/wantedVersions.ts"
import { Catalog, HostEnvironment, NodeNames, PluginCoordinator, PluginLauncher } from "../agent/index.ts"
import { adviceOnStart } from "./added/keptVersion.ts"
import { markServed } from "./added/markServed.ts"
import type { AgentConfig } from "./AgentConfig.ts"
import { describeRemarks, remarksOn } from "./pluginRemarks.ts"
import { shippedFolder, shippedPlugins } from "./shippedPlugins.ts"

/** Says how to go back, where a plugin that was upgraded does not start. */
const advise = (directory: string) =>
  Effect.flatMap(adviceOnStart(directory), (advice) => (advice === undefined ? Effect.void : Effect.logWarning(advice)))

const layerLauncher = Layer.effect(
  PluginLauncher,
  Effect.gen(function* () {
    const path = yield* Path.Path
    const { launch } = yield* PluginLauncher
    const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
    const folder = yield* shippedFolder
    const shipped = yield* Effect.cached(Effect.provideContext(shippedPlugins, context))
    const remark = Effect.fnUntraced(function* ({ entry, generation }: Parameters<typeof launch>[0]) {
      const { directory = "", manifest } = entry
      // On what comes with formae there is nothing to remark, and so nothing to look up.
      if (generation > 1 || path.dirname(directory) === folder) return
      const remarks = remarksOn(entry, yield* shipped)
      if (remarks === undefined) return
      yield* Effect.forEach(describeRemarks(manifest.name, remarks), (line) => Effect.logWarning(line))
    })
    return PluginLauncher.of({
      launch: (request) =>
        remark(request).pipe(
          Effect.andThen(launch(request)),
          Effect.tap(() => Effect.provideContext(markServed(request.entry.directory ?? ""), context)),
          Effect.tapError(() => Effect.provideContext(advise(request.entry.directory ?? ""), context)),
        ),
    })
  }),
).pipe(Layer.provide(PluginLauncher.layer))

/**
 * Needs the `Quarantines`, which the caller keeps in a state, or not at all. The
 * plugins of the namespaces in `startWith` are started with it. Plugins that
 * nobody uses are stopped after `idleMillis`, or never. `nodes` has the names of
 * the agent and of its plugins.
 */
export const layerCoordinator = (
  folders: ReadonlyArray<string>,
  config: AgentConfig,
  startWith: ReadonlyArray<string> = [],
  idleMillis?: number,
  nodes: Layer.Layer<NodeNames> = NodeNames.layer,
) =>
  Layer.unwrap(
    Effect.map(HostEnvironment, (environment) =>
      PluginCoordinator.layerNoDeps({
        ...supervisionOptionsOf(config, { given: config.given, environment }),
        startWith,
        idleMillis,
      }),
    ),
  ).pipe(
    Layer.provide(layerLauncher),
    Layer.provide(Catalog.layerDirectories(folders, wantedVersions(config.given))),
    Layer.provide(nodes),
  )
