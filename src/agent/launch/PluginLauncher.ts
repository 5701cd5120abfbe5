/** Starts plugins. What a launch is made of, a process or not, is decided by the layer. */
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import { Cookie } from "../../protocol/Identity.ts"
import { GuardProcess } from "./GuardProcess.ts"
import type { Launch } from "./Launch.ts"
import { launchPlugin, type LaunchRequest } from "./launchPlugin.ts"
import { NodeNames } from "./NodeNames.ts"
import type { PluginStartFailed } from "./PluginStartFailed.ts"
import { ProcessMemory } from "./ProcessMemory.ts"
import { StallAutopsy } from "./StallAutopsy.ts"

/** The environment that plugins see a part of. The one place that reads the process's own. */
export const HostEnvironment = Context.Reference<Readonly<Record<string, string | undefined>>>(
  "formae/agent/launch/HostEnvironment",
  { defaultValue: () => process.env },
)

export class PluginLauncher extends Context.Service<
  PluginLauncher,
  {
    /** Starts a plugin and completes when its handshake is done. The launch lives as long as the scope. */
    readonly launch: (request: LaunchRequest) => Effect.Effect<Launch, PluginStartFailed, Scope.Scope>
  }
>()("formae/agent/launch/PluginLauncher") {
  /** Each launch is a process of the spawner; what watches over it is given too. */
  static readonly layerSpawned: Layer.Layer<
    PluginLauncher,
    never,
    ChildProcessSpawner | GuardProcess | NodeNames | ProcessMemory | StallAutopsy
  > = Layer.effect(
    PluginLauncher,
    Effect.gen(function* () {
      // Without the scope of this layer: what a launch holds is let go of with the launch.
      const context = Context.pick(
        ChildProcessSpawner,
        GuardProcess,
        ProcessMemory,
        StallAutopsy,
      )(yield* Effect.context<ChildProcessSpawner | GuardProcess | ProcessMemory | StallAutopsy>())
      const random = yield* SecureRandom.SecureRandom
      const host = {
        nodes: yield* NodeNames,
        environment: yield* HostEnvironment,
        runtime: ({ entryPath }: LaunchRequest["entry"]) => ({
          command: process.execPath,
          args: nodeArguments(import.meta.url, entryPath),
        }),
      }
      return PluginLauncher.of({
        launch: (request) =>
          Effect.flatMap(random.uuidV4(), (cookie) => launchPlugin(request, host, Cookie.make(cookie))).pipe(
            Effect.provide(context),
          ),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))

  /** Each launch is a subprocess of the Node that runs the agent, guarded and examined as Node allows it. */
  static readonly layerProcess: Layer.Layer<
    PluginLauncher,
    never,
    ChildProcessSpawner | FileSystem.FileSystem | NodeNames
  > = this.layerSpawned.pipe(
    Layer.provide([GuardProcess.layerShell, ProcessMemory.layerProc, StallAutopsy.layerInspector]),
  )
}

/**
 * The inspector is not started with the plugin, but where it would listen is
 * said: on a port of this host that the system chooses. An agent that runs from
 * its TypeScript source runs its plugins' source against the same source.
 */
export const nodeArguments = (agentModule: string, entryPath: string): ReadonlyArray<string> => [
  "--inspect-port=127.0.0.1:0",
  ...(agentModule.endsWith(".ts") && entryPath.endsWith(".ts") ? ["--conditions=formae-source"] : []),
]
