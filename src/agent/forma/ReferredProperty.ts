/** Whether a property can be referred to, as far as the types of both resources say. */
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { knownNames } from "./nearestName.ts"
import { type Reference, unfitMessage } from "./References.ts"
import { lookAlong } from "./schema/lookAlong.ts"

/** Why a reference to a property is not allowed, or undefined if it is. */
export const objectionToReference = (
  { inText, label, property }: Reference,
  referred: TypeCapabilities,
): string | undefined => {
  const [name = "", ...inside] = property
  const traits = ownValue(referred.properties, name)
  if (traits === undefined) {
    return `${label} is of the type ${referred.type}, which has no property ${name}; ${knownNames(name, "properties", Object.keys(referred.properties))}`
  }
  if (traits.writeOnly)
    return `${name} of ${label} is never returned by the provider, so it cannot be referred to; write the value here too, by an alias (&${label} and *${label}) or a parameter`
  const seen = lookAlong(referred.schema ?? {}, property)
  const upTo = (length: number) => property.slice(0, length).join(".")
  switch (seen._tag) {
    case "NoWay":
      return seen.type === "array"
        ? `${upTo(seen.length)} of ${label} is a list, and a reference cannot lead into a list; refer to the whole list, or to another property`
        : `${upTo(seen.length)} of ${label} has nothing inside that could be referred to; refer to ${label}.${upTo(seen.length)}`
    case "NoProperty": {
      // A schema may describe only what can be wanted; which properties there are, the traits say.
      if (seen.length === 0) return undefined
      const missing = property[seen.length] ?? ""
      return `${upTo(seen.length)} of ${label} has no ${missing}; ${knownNames(missing, "names in it", seen.known)}`
    }
    case "Types":
      return inText === true ? unfitIn([label, name, ...inside], seen.types) : undefined
    case "Unknown":
      return undefined
  }
}

const unfitIn = (path: ReadonlyArray<string>, types: ReadonlySet<string>): string | undefined => {
  const fits = ["string", "number", "integer", "boolean"].some((type) => types.has(type))
  if (fits || types.size === 0) return undefined
  return unfitMessage(path, types.has("array") ? "a list" : types.has("object") ? "an object" : "null")
}
