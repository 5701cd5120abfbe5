import * as Effect from "effect/Effect"
import { type Lookup, valueAt } from "../../agent/forma/References.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import type { CurrentLaunch } from "./peer/CurrentLaunch.ts"
import { expectSuccess } from "./peer/expectEnd.ts"
import { PluginUnusable } from "./peer/PluginUnusable.ts"
import type { Run } from "./Run.ts"
import { fillObject, resolve } from "./samples/Filling.ts"

/** Makes the resources that samples refer to, and returns how to look up their properties. */
export const setUp = Effect.fnUntraced(function* (
  { callsOn, filling, nextOperationId, nextUnique, options, samples }: Run,
  known: ReadonlyMap<string, TypeCapabilities>,
  current: CurrentLaunch,
): Effect.fn.Return<Lookup, PluginUnusable> {
  const made = new Map<string, Properties>()
  const lookup: Lookup = (label, path) => valueAt(made.get(label) ?? {}, path)
  for (const { label, properties, target, type } of samples.setup ?? []) {
    const capabilities = known.get(type)
    if (capabilities === undefined) {
      return yield* new PluginUnusable({ message: `setup: the plugin does not know the type ${type} of ${label}` })
    }
    const at = fillObject({ ...(target ?? samples.target), ...options.target }, filling)
    const wanted = resolve(fillObject(properties, { ...filling, unique: nextUnique() }), lookup)
    const created = yield* Effect.mapError(
      expectSuccess("Create", callsOn(current)({ type, capabilities, target: at }).create(nextOperationId(), wanted)),
      ({ seen }) => new PluginUnusable({ message: `setup: ${label} cannot be made: ${seen}` }),
    )
    made.set(label, created.properties)
  }
  return lookup
})
