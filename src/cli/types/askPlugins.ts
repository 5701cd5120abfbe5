/** Starts plugins, and asks them for their resource types. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { PluginCoordinator, Quarantines } from "../../agent/index.ts"
import { namespaceOf, type ResourceType, type TypeCapabilities } from "../../protocol/index.ts"
import type { AgentConfig } from "../AgentConfig.ts"
import { failedUnlessUnknown } from "../agentFailures.ts"
import { badInput } from "../CommandFailure.ts"
import { layerCoordinator } from "../layerCoordinator.ts"
import { printProgress } from "../Outputs.ts"

/** Which types are described: all of them, only named, or those of the namespace of this one. */
export type Described = "all" | "none" | ResourceType

/** The types of the plugins in the folders, or those of one namespace. */
export const askPlugins = (folders: ReadonlyArray<string>, settings: AgentConfig, described: Described) =>
  Effect.gen(function* () {
    const coordinator = yield* PluginCoordinator
    const found = yield* coordinator.status
    if (found.length === 0) {
      return yield* badInput("NoPlugins", "No plugins were found; name a plugin folder with --plugins")
    }
    const isOne = described !== "all" && described !== "none"
    const namespaces = isOne ? [namespaceOf(described)] : found.map(({ entry }) => entry.manifest.namespace)
    const wanted = described === "none" ? [] : "all"
    const asked = Effect.fnUntraced(function* (namespace: string) {
      const types = yield* Effect.mapError(coordinator.capabilities(namespace, wanted), failedUnlessUnknown)
      return [...types.values()]
    })
    // One that cannot start hides the types of no other one, where they are only listed.
    const tolerant = (namespace: string) =>
      described === "none"
        ? Effect.catch(asked(namespace), ({ message }) => Effect.as(printProgress(message), nothing))
        : asked(namespace)
    return (yield* Effect.forEach(namespaces, tolerant, { concurrency: "unbounded" })).flat()
  }).pipe(Effect.provide(layerCoordinator(folders, settings).pipe(Layer.provide(Quarantines.layerMemory))))

const nothing: ReadonlyArray<TypeCapabilities> = []
