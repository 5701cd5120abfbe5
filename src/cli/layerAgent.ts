/** Wires the agent as the flags and the configuration file say. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { Agent, Catalog, NodeNames, PluginCoordinator, PluginLauncher, Quarantines, Store } from "../agent/index.ts"
import { type AgentConfig, operatorOf, readConfig } from "./AgentConfig.ts"
import { badInput } from "./CommandFailure.ts"
import { supervisionOf } from "./SupervisionConfig.ts"

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
  const shipped = path.resolve(path.dirname(here), here.endsWith(".ts") ? "../../plugins" : "../plugins")
  return yield* Effect.filter([path.resolve(".formae/plugins"), shipped], (directory) => fs.exists(directory))
}).pipe(Effect.orDie)

const pluginDirectories = Effect.fnUntraced(function* (flags: HostFlags, config: AgentConfig) {
  const named = flags.plugins.length > 0 ? flags.plugins : config.plugins
  if (named === undefined) return yield* defaultPluginDirectories
  const fs = yield* FileSystem.FileSystem
  const missing = yield* Effect.filter(named, (directory) =>
    Effect.match(fs.stat(directory), { onFailure: () => true, onSuccess: ({ type }) => type !== "Directory" }),
  )
  if (missing.length > 0) {
    return yield* badInput("PluginFolderMissing", `There is no such folder of plugins: ${missing.join(", ")}`)
  }
  return named
})

/** The state file that the flags and the configuration name. */
export const stateFile = (flags: Pick<HostFlags, "config" | "state">) =>
  Effect.map(readConfig(flags.config), (config) =>
    Option.getOrElse(flags.state, () => config.state ?? defaultStateFile),
  )

/** The catalog alone: starts nothing. */
export const layerCatalog = (flags: HostFlags) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const config = yield* readConfig(flags.config)
      return Catalog.layerDirectories(yield* pluginDirectories(flags, config))
    }),
  )

/** The agent with its plugins and its state file, which a command that changes nothing opens with `layerFileToRead`. */
export const layerAgent = (flags: HostFlags, openStore: typeof Store.layerFile = Store.layerFile) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const config = yield* readConfig(flags.config)
      const file = yield* stateFile(flags)
      const store = openStore(file)
      const coordinator = PluginCoordinator.layerSupervised({
        operator: operatorOf(config),
        supervision: (plugin) => supervisionOf(config.supervision, config.plugin?.[plugin]?.supervision),
        settings: (plugin) => config.plugin?.[plugin]?.settings,
      }).pipe(
        Layer.provide([PluginLauncher.layerProcess, Quarantines.layer]),
        Layer.provide(Catalog.layerDirectories(yield* pluginDirectories(flags, config))),
        Layer.provide(NodeNames.layerLocal),
      )
      return Agent.layer.pipe(Layer.provide(coordinator), Layer.provide(store))
    }),
  )
