/** Resources that exist, imported into a state that knows nothing of them. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "../../src/agent/Agent.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId, ResourceType } from "../../src/protocol/Identity.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { changesOf } from "./shop.ts"

const secretsOf = (forma: Forma, label: string, names: ReadonlyArray<string>): Properties => {
  const { properties = {} } = forma.resources.find((one) => one.label === label) ?? {}
  return Object.fromEntries(names.map((name) => [name, properties[name] ?? null]))
}

/**
 * Imports all that this agent has of a forma into a state of its own, as an
 * import writes it into a document, and gives the types that were imported, and
 * what a plan of that document would still change.
 */
export const importedAgain = Effect.fnUntraced(function* (forma: Forma, plugin: InProcessPlugin) {
  const { resources } = yield* Effect.flatMap(Agent, (agent) => agent.inventory)
  const targetOf = (label: string) => forma.resources.find((one) => one.label === label)?.target ?? ""
  const things = resources.map(({ label, nativeId, type }) => ({
    label,
    type: ResourceType.make(type),
    nativeId: NativeId.make(nativeId ?? ""),
    target: targetOf(label),
  }))
  const layerOther = Layer.fresh(
    Agent.layer.pipe(Layer.provide([Store.layerMemory, PluginCoordinator.layerInProcess([plugin])])),
  )
  return yield* Effect.provide(
    Effect.gen(function* () {
      const agent = yield* Agent
      const drafts = yield* agent.draftImport({ ...forma, resources: [] }, things)
      const written: Forma = {
        ...forma,
        resources: drafts.map(({ label, properties, secrets, target, type }) => ({
          label,
          type,
          target,
          properties: { ...properties, ...secretsOf(forma, label, secrets) },
        })),
      }
      yield* agent.import(written, things)
      return { types: drafts.map(({ type }) => type), changes: changesOf(yield* agent.plan(written)), drafts }
    }),
    layerOther,
  )
})
