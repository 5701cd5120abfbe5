/** Properties at a size that a state can hold for each of its resources. */
import * as Schema from "effect/Schema"
import { JsonObject } from "./JsonObject.ts"

/** How many characters the properties of one resource may have: those of all keys and texts, and one for each value. */
export const maxPropertyCharacters = 4_194_304

/** Whether it has more than that. Takes no stack, and stops where it is too much. */
const isTooLarge = (properties: Schema.JsonObject): boolean => {
  const waiting: Array<unknown> = [properties]
  let characters = 0
  while (waiting.length > 0 && characters <= maxPropertyCharacters) {
    const value = waiting.pop()
    characters += 1
    if (typeof value === "string") characters += value.length
    if (typeof value !== "object" || value === null) continue
    for (const key in value) {
      if (!Array.isArray(value)) characters += key.length
      waiting.push((value as Record<string, unknown>)[key])
    }
  }
  return characters > maxPropertyCharacters
}

/** `JsonObject`, if it is not too large. */
export const HeldProperties = JsonObject.check(
  Schema.makeFilter((properties: Schema.JsonObject) =>
    isTooLarge(properties) ? `has more than ${maxPropertyCharacters} characters` : undefined,
  ),
)
