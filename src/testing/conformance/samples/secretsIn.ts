import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import type { Properties, TypeCapabilities } from "../../../protocol/Resource.ts"
import { ownValue } from "../../../protocol/ownValue.ts"

/** In characters. A shorter text may be the same as another one by chance. */
const shortestSecret = 8

const textsIn = (value: Schema.Json | undefined): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap((item: Schema.Json) => textsIn(item))
  return Predicate.isObject(value) ? Object.values(value as Properties).flatMap(textsIn) : []
}

/** The texts in the secret properties of a resource that must not appear anywhere else. */
export const secretsIn = (properties: Properties, capabilities: TypeCapabilities): ReadonlyArray<string> =>
  Object.entries(properties)
    .filter(([name]) => ownValue(capabilities.properties, name)?.opaque === true)
    .flatMap(([, value]) => textsIn(value))
    .filter((text) => text.length >= shortestSecret)
