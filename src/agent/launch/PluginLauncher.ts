/** Starts plugins. What a launch is made of, a process or not, is decided by the layer. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import * as SecureRandom from "effect/crypto/SecureRandom"
import { Cookie, type Generation } from "../../protocol/Identity.ts"
import { defaultOperatorSettings, type OperatorSettings } from "../../protocol/Settings.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import type { PluginStartFailed } from "./PluginStartFailed.ts"
import type { Launch } from "./Launch.ts"
import { NodeNames } from "./NodeNames.ts"
import { launchProcess } from "./PluginProcess.ts"

/** The environment that plugins see a part of. The one place that reads the process's own. */
export const HostEnvironment = Context.Reference<Readonly<Record<string, string | undefined>>>(
  "formae/agent/launch/HostEnvironment",
  { defaultValue: () => process.env },
)

export class PluginLauncher extends Context.Service<
  PluginLauncher,
  {
    /** Starts a plugin and completes when its handshake is done. The launch lives as long as the scope. */
    readonly launch: (
      entry: CatalogEntry,
      generation: Generation,
    ) => Effect.Effect<Launch, PluginStartFailed, Scope.Scope>
  }
>()("formae/agent/launch/PluginLauncher") {
  /** Each launch is a subprocess of the Node that runs the agent. */
  static readonly layerProcess = (
    settings: OperatorSettings = defaultOperatorSettings,
  ): Layer.Layer<PluginLauncher, never, ChildProcessSpawner | NodeNames> =>
    Layer.effect(
      PluginLauncher,
      Effect.gen(function* () {
        const spawner = yield* ChildProcessSpawner
        const nodes = yield* NodeNames
        const random = yield* SecureRandom.SecureRandom
        const hostEnvironment = yield* HostEnvironment
        return PluginLauncher.of({
          launch: (entry, generation) =>
            Effect.flatMap(random.uuidV4(), (cookie) =>
              launchProcess({
                entry,
                generation,
                cookie: Cookie.make(cookie),
                nodes,
                settings,
                hostEnvironment,
                runtime: { command: process.execPath, args: nodeArguments(import.meta.url, entry.entryPath) },
              }),
            ).pipe(Effect.provideService(ChildProcessSpawner, spawner)),
        })
      }),
    ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/**
 * An agent that runs from its TypeScript source runs its plugins' source
 * against the same source; an installed one has nothing of the kind.
 */
export const nodeArguments = (agentModule: string, entryPath: string): ReadonlyArray<string> =>
  agentModule.endsWith(".ts") && entryPath.endsWith(".ts") ? ["--conditions=formae-source"] : []
