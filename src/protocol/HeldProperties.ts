/** Properties at a size that a state can hold for each of its resources. */
import * as Schema from "effect/Schema"
import { JsonObject } from "./JsonObject.ts"

/** How much the properties of one resource may have. */
export interface PropertyLimits {
  /** Those of all keys and texts, and one for each value. */
  readonly characters: number
  /** Objects, arrays, and what is in them. */
  readonly values: number
  /** Levels of objects and arrays. */
  readonly depth: number
}

/** What a provider may return. Frames limit the values and the depth. */
export const heldLimits: PropertyLimits = { characters: 4_194_304, values: Infinity, depth: Infinity }

/** What properties have more of than they may have. Takes no stack, and stops where it is too much. */
export const excessOf = (properties: Schema.JsonObject, limits: PropertyLimits): keyof PropertyLimits | undefined => {
  let level: Array<unknown> = [properties]
  let characters = 0
  let values = 0
  for (let depth = 0; level.length > 0; depth++) {
    const below: Array<unknown> = []
    for (const value of level) {
      characters += 1
      if (typeof value === "string") characters += value.length
      if (typeof value === "object" && value !== null) {
        if (depth === limits.depth) return "depth"
        values += 1
        for (const key in value) {
          if (!Array.isArray(value)) characters += key.length
          values += 1
          below.push((value as Record<string, unknown>)[key])
        }
      }
      if (characters > limits.characters) return "characters"
      if (values > limits.values) return "values"
    }
    level = below
  }
  return undefined
}

/** `JsonObject`, if it is not too large. */
export const HeldProperties = JsonObject.check(
  Schema.makeFilter((properties: Schema.JsonObject) =>
    excessOf(properties, heldLimits) === undefined ? undefined : `has more than ${heldLimits.characters} characters`,
  ),
)
