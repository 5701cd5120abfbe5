/** Starts plugins. The layer decides whether a launch is a process or not. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import { Platform } from "../../platform/Platform.ts"
import { Cookie, LaunchId } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"
import { GuardProcess } from "./GuardProcess.ts"
import type { Launch } from "./Launch.ts"
import { launchInProcess } from "./launchInProcess.ts"
import { LaunchProcesses } from "./LaunchProcesses.ts"
import { launchPlugin, type LaunchRequest } from "./launchPlugin.ts"
import { NodeNames } from "./NodeNames.ts"
import type { PluginStartFailed } from "./PluginStartFailed.ts"
import { ProcessMemory } from "./ProcessMemory.ts"
import { layerSystemProcesses } from "./SystemProcesses.ts"
import { StallAutopsy } from "./StallAutopsy.ts"

/** The environment that plugins see a part of. By default, that of this process. */
export const HostEnvironment = Context.Reference<Readonly<Record<string, string | undefined>>>(
  "formae/agent/launch/HostEnvironment",
  { defaultValue: () => process.env },
)

/** Starts one launch of a plugin. It does not restart it. */
export class PluginLauncher extends Context.Service<
  PluginLauncher,
  {
    /**
     * Starts a plugin and completes when its handshake is done, or fails when
     * its deadline has passed (10 s by default). The launch lives as long as the
     * scope, whose closing stops it within the bounds of its settings.
     */
    readonly launch: (request: LaunchRequest) => Effect.Effect<Launch, PluginStartFailed, Scope.Scope>
  }
>()("formae/agent/launch/PluginLauncher") {
  /** As `layer`, with the spawner and all that guards and examines processes as requirements. */
  static readonly layerNoDeps: Layer.Layer<
    PluginLauncher,
    never,
    ChildProcessSpawner | GuardProcess | LaunchProcesses | NodeNames | ProcessMemory | StallAutopsy
  > = Layer.effect(
    PluginLauncher,
    Effect.gen(function* () {
      // Without the scope of this layer: what a launch holds is released with the launch.
      const context = Context.pick(
        ChildProcessSpawner,
        GuardProcess,
        LaunchProcesses,
        ProcessMemory,
        StallAutopsy,
      )(yield* Effect.context<ChildProcessSpawner | GuardProcess | LaunchProcesses | ProcessMemory | StallAutopsy>())
      const random = yield* SecureRandom.SecureRandom
      const host = {
        nodes: yield* NodeNames,
        environment: yield* HostEnvironment,
        platform: yield* Platform,
        runtime: ({ entryPath }: LaunchRequest["entry"]) => ({
          command: process.execPath,
          args: nodeArguments(import.meta.url, entryPath),
        }),
      }
      const ids = Effect.all({
        cookie: Effect.map(random.uuidV4(), Cookie.make),
        launch: Effect.map(random.uuidV4(), LaunchId.make),
      })
      return PluginLauncher.of({
        launch: (request) =>
          Effect.provide(
            Effect.flatMap(ids, (made) => launchPlugin(request, host, made)),
            context,
          ),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))

  /** Each launch is a subprocess that runs the Node of the agent, guarded where the system needs it, and examined by Node's inspector. */
  static readonly layer: Layer.Layer<PluginLauncher, never, ChildProcessSpawner | FileSystem.FileSystem | NodeNames> =
    Layer.provide(this.layerNoDeps, GuardProcess.layer).pipe(
      // The spawner is that of the plugins and the guard.
      Layer.provide([layerSystemProcesses, StallAutopsy.layerInspector]),
    )

  /** Each launch is a plugin in the agent's own process, and does not end. Fails to start a plugin that refuses its settings. */
  static readonly layerInProcess = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<PluginLauncher> =>
    Layer.effect(
      PluginLauncher,
      Effect.gen(function* () {
        const nodes = yield* NodeNames
        const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]))
        return PluginLauncher.of({
          launch: (request) => {
            const { name } = request.entry.manifest
            const plugin = byName.get(name)
            return plugin === undefined
              ? Effect.die(`${name} is not in this process`)
              : launchInProcess(plugin, request, nodes)
          },
        })
      }),
    ).pipe(Layer.provide(NodeNames.layer))
}

/**
 * The inspector does not start with the plugin; the argument only says where it
 * would listen, on a port of this host that the system chooses, and that it
 * tells its id on stderr alone: over HTTP it would tell it to every local user,
 * and who has the id can run code in the plugin. An agent that runs from its
 * TypeScript source runs the source of its plugins with it.
 */
export const nodeArguments = (agentModule: string, entryPath: string): ReadonlyArray<string> => [
  "--inspect-port=127.0.0.1:0",
  "--inspect-publish-uid=stderr",
  ...(agentModule.endsWith(".ts") && entryPath.endsWith(".ts") ? ["--conditions=formae-source"] : []),
]
