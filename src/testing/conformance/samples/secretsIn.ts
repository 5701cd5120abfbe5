import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type { Properties, TypeCapabilities } from "../../../protocol/Resource.ts"

/** The shortest text that can be told from text that happens to be the same. */
const shortestSecret = 8

const textsIn = (value: Schema.Json | undefined): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap((item: Schema.Json) => textsIn(item))
  return Predicate.isObject(value) ? Object.values(value as Properties).flatMap(textsIn) : []
}

/** The texts in the secret properties of a resource by which they would be known where they must not be. */
export const secretsIn = (properties: Properties, capabilities: TypeCapabilities): ReadonlyArray<string> =>
  Object.entries(properties)
    .filter(([name]) => capabilities.properties[name]?.opaque === true)
    .flatMap(([, value]) => textsIn(value))
    .filter((text) => text.length >= shortestSecret)
