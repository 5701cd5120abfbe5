import * as Effect from "effect/Effect"
import { ResourceType } from "../../../protocol/Identity.ts"
import type { TypeCapabilities } from "../../../protocol/Resource.ts"
import { generateSample } from "./generateSample.ts"
import { PluginUnusable } from "../peer/PluginUnusable.ts"
import type { Sample, Samples } from "./Samples.ts"

/** The samples to use for the types that the plugin serves, and where the sample of each type comes from. */
export const chooseSamples = Effect.fnUntraced(function* (
  { generate = false, type: only }: { readonly generate?: boolean | undefined; readonly type?: string | undefined },
  { samples }: Samples,
  known: ReadonlyMap<string, TypeCapabilities>,
) {
  const wanted = (type: string) => only === undefined || type === only
  const starts = known.size > 0
  const stray = samples.find(({ type }) => starts && !known.has(type))
  const types = [...known.keys()].join(", ")
  if (stray !== undefined) {
    return yield* new PluginUnusable({
      message: `The plugin does not know the type ${stray.type} of a sample; it serves: ${types}`,
    })
  }
  if (only !== undefined && starts && !known.has(only)) {
    return yield* new PluginUnusable({ message: `The plugin does not know the type ${only}; it serves: ${types}` })
  }
  const given = samples.filter(({ type }) => wanted(type))
  const without = [...known.values()].filter(({ type }) => wanted(type) && !given.some((one) => one.type === type))
  const generated = generate ? (yield* Effect.forEach(without, generateSample)).filter((one) => one !== undefined) : []
  const has = (list: ReadonlyArray<Sample>, type: string) => list.some((one) => one.type === type)
  const names = [...new Set([...given.map(({ type }) => type), ...without.map(({ type }) => type)])]
  const tested = names.map((type) => ({
    type: ResourceType.make(type),
    sample: has(given, type) ? ("given" as const) : has(generated, type) ? ("generated" as const) : ("none" as const),
  }))
  return { given, generated, tested }
})
