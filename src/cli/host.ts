/** Wires the agent as the flags and the configuration file say. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { Agent, Catalog, NodeNames, PluginCoordinator, PluginLauncher, Store } from "../agent/index.ts"
import { defaultOperatorSettings } from "../protocol/index.ts"
import { type AgentConfig, readConfig } from "./AgentConfig.ts"

export interface HostFlags {
  readonly state: Option.Option<string>
  readonly plugins: ReadonlyArray<string>
  readonly config: Option.Option<string>
}

const defaultStateFile = ".formae/state.db"

/** The folders that are searched where none is named: the user's own first, then those that come with formae. */
const defaultPluginDirectories = Effect.gen(function* () {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const here = yield* path.fromFileUrl(new URL(import.meta.url))
  const root = path.resolve(path.dirname(here), "../..")
  const shipped = here.endsWith(".ts") ? path.join(root, "plugins") : path.join(root, "dist", "plugins")
  return yield* Effect.filter([path.resolve(".formae/plugins"), shipped], (directory) => fs.exists(directory))
}).pipe(Effect.orDie)

const pluginDirectories = (flags: HostFlags, config: AgentConfig) => {
  if (flags.plugins.length > 0) return Effect.succeed(flags.plugins)
  return config.plugins === undefined ? defaultPluginDirectories : Effect.succeed(config.plugins)
}

/** The catalog alone: starts nothing. */
export const layerCatalog = (flags: HostFlags) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const config = yield* readConfig(flags.config)
      return Catalog.layerDirectories(yield* pluginDirectories(flags, config))
    }),
  )

/** The agent with its plugins and its state file. */
export const layerAgent = (flags: HostFlags) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const config = yield* readConfig(flags.config)
      const file = Option.getOrElse(flags.state, () => config.state ?? defaultStateFile)
      const coordinator = PluginCoordinator.layerSupervised().pipe(
        Layer.provide(PluginLauncher.layerProcess({ ...defaultOperatorSettings, ...config.operator })),
        Layer.provide(Catalog.layerDirectories(yield* pluginDirectories(flags, config))),
        Layer.provide(NodeNames.layerLocal),
      )
      return Agent.layer.pipe(Layer.provide([coordinator, Store.layerFile(file)]))
    }),
  )
