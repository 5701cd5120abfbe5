import * as Layer from "effect/Layer"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as SemVer from "effect/SemVer"
import { Catalog } from "../agent/catalog/Catalog.ts"
import { GuardProcess } from "../agent/launch/GuardProcess.ts"
import { LaunchProcesses } from "../agent/launch/LaunchProcesses.ts"
import { NodeNames } from "../agent/launch/NodeNames.ts"
import { PluginLauncher } from "../agent/launch/PluginLauncher.ts"
import { ProcessMemory } from "../agent/launch/ProcessMemory.ts"
import { StallAutopsy } from "../agent/launch/StallAutopsy.ts"
import { Quarantines } from "../agent/supervision/Quarantines.ts"
import { agentVersion } from "../agent/version.ts"
import { supportedProtocol } from "../protocol/Handshake.ts"
import type { ResourcePlugin } from "../plugin/ResourcePlugin.ts"
import { Namespace } from "../protocol/Identity.ts"
import type { FakeSpawn } from "./FakeProcess.ts"
import { type FakeProgram, serves } from "./FakeProgram.ts"
import { FakeSpawner } from "./FakeSpawner.ts"

/** What else is faked, in addition to the process itself. */
export interface FakeLaunchOptions {
  /** Finds out where a stalled plugin hangs. By default it finds nothing. */
  readonly autopsy?: Layer.Layer<StallAutopsy>
  /** Ends plugins in the place of the agent. By default there is no guard. */
  readonly guard?: Layer.Layer<GuardProcess>
  /** How much memory a process uses. By default that is unknown. */
  readonly memory?: Layer.Layer<ProcessMemory>
  /** Where quarantines are stored. By default they end with the layer. */
  readonly quarantines?: Layer.Layer<Quarantines>
}

/**
 * Launches for tests. The processes are in memory and run the programs that
 * `programOf` returns; the handshake, the frames and the supervision are real.
 * All delays are on the clock of the test.
 */
export const layerFakeLaunches = (
  programOf: (spawn: FakeSpawn) => FakeProgram,
  options: FakeLaunchOptions = {},
): Layer.Layer<PluginLauncher | Quarantines | FakeSpawner | ChildProcessSpawner> => {
  const watchers = [
    options.guard ?? GuardProcess.layerNone,
    LaunchProcesses.layerNone,
    options.memory ?? ProcessMemory.layerNone,
    options.autopsy ?? StallAutopsy.layerNone,
  ] as const
  return PluginLauncher.layerNoDeps.pipe(
    Layer.provide([NodeNames.layer, ...watchers]),
    Layer.provideMerge(FakeSpawner.layer(programOf)),
    Layer.merge(options.quarantines ?? Quarantines.layerMemory),
  )
}

/** A plugin that runs in fake processes. Its version is 1.0.0 by default. */
export interface FakePlugin {
  /** The name of the plugin. */
  readonly name: string
  /** The namespace that it serves. */
  readonly namespace: string
  /** A semantic version. */
  readonly version?: string
  /** The program of each of its processes: `({ number }) => (number === 1 ? exitsAtOnce(1) : serves(plugin))`. */
  readonly programOf: (spawn: FakeSpawn) => FakeProgram
}

/**
 * `plugin` as one that runs in fake processes. Each of them serves it, or runs
 * the program that `programOf` returns.
 *
 * @example
 * ```ts
 * import { definePlugin } from "formae/plugin"
 * import { exitsAtOnce, fakePlugin, serves } from "formae/testing"
 *
 * const plugin = definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [] })
 * const failsOnce = fakePlugin(plugin, ({ number }) => (number === 1 ? exitsAtOnce(1) : serves(plugin)))
 * ```
 */
export const fakePlugin = <R>(
  plugin: ResourcePlugin<R>,
  programOf: FakePlugin["programOf"] = () => serves(plugin),
): FakePlugin => ({ name: plugin.name, namespace: plugin.namespace, version: plugin.version, programOf })

/**
 * Launches of these plugins, and a catalog with them: everything that
 * `PluginCoordinator.layerNoDeps` needs.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import { PluginCoordinator } from "formae/agent"
 * import { definePlugin } from "formae/plugin"
 * import { fakePlugin, layerFakePlugins } from "formae/testing"
 *
 * const plugin = definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [] })
 * const layerCoordinator = PluginCoordinator.layerNoDeps().pipe(Layer.provide(layerFakePlugins([fakePlugin(plugin)])))
 * ```
 */
export const layerFakePlugins = (
  plugins: ReadonlyArray<FakePlugin>,
  options?: FakeLaunchOptions,
): Layer.Layer<Catalog | PluginLauncher | Quarantines | FakeSpawner | ChildProcessSpawner> => {
  const byEntry = new Map(plugins.map((plugin) => [`/${plugin.name}.js`, plugin]))
  const entries = [...byEntry].map(([entryPath, { name, namespace, version = "1.0.0" }]) => ({
    entryPath,
    manifest: {
      name,
      namespace: Namespace.make(namespace),
      version: SemVer.parseUnsafe(version),
      protocol: supportedProtocol,
      minAgentVersion: agentVersion,
      entry: entryPath,
      environment: [],
    },
  }))
  return layerFakeLaunches((spawn) => byEntry.get(spawn.args.at(-1) ?? "")!.programOf(spawn), options).pipe(
    Layer.merge(Layer.succeed(Catalog, Catalog.fromEntries(entries))),
  )
}
