/** Properties at a size that a state can hold for each of its resources. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { charactersOf, JsonObject, jsonObjectAnnotations } from "./JsonObject.ts"

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

const isContainer = (value: unknown): value is object => typeof value === "object" && value !== null

/**
 * What properties have more of than they may have. Takes no stack, and stops
 * where it is too much. It makes no list of values and no key of an array's:
 * what collecting them costs is more than the look.
 */
export const excessOf = (properties: Schema.JsonObject, limits: PropertyLimits): keyof PropertyLimits | undefined => {
  const containers: Array<object> = [properties]
  const depths = [0]
  let characters = 1
  let values = 0
  for (let container = containers.pop(); container !== undefined; container = containers.pop()) {
    const depth = depths.pop() ?? 0
    if (depth === limits.depth) return "depth"
    values += 1
    const take = (value: unknown): void => {
      values += 1
      characters += typeof value === "string" ? value.length + 1 : 1
      if (!isContainer(value)) return
      containers.push(value)
      depths.push(depth + 1)
    }
    if (Array.isArray(container)) for (const value of container) take(value)
    else {
      for (const key in container) {
        characters += key.length
        take((container as Record<string, unknown>)[key])
      }
    }
    if (characters > limits.characters) return "characters"
    if (values > limits.values) return "values"
  }
  return undefined
}

const CountedProperties = JsonObject.check(
  Schema.makeFilter((properties: Schema.JsonObject) =>
    excessOf(properties, heldLimits) === undefined ? undefined : `has more than ${heldLimits.characters} characters`,
  ),
)

const decode = SchemaParser.decodeUnknownEffect(CountedProperties)

/** Properties that `areHeld` has just looked at, and that are about to be encoded. */
let looked: unknown

/** Whether properties are JSON of few enough characters. False if only the slower check can tell. */
const fit = (properties: unknown): boolean => (charactersOf(properties) ?? Infinity) <= heldLimits.characters

/** Whether properties are not too large. To encode them right after that takes no second look. */
export const areHeld = (properties: Schema.JsonObject): boolean => {
  const isFit = fit(properties)
  looked = isFit ? properties : undefined
  return isFit || excessOf(properties, heldLimits) === undefined
}

const takeLooked = (properties: unknown): boolean => {
  const isLooked = properties !== undefined && properties === looked
  looked = undefined
  return isLooked
}

/** `JsonObject`, if it is not too large. */
export const HeldProperties = Schema.declareConstructor<Schema.JsonObject>()(
  [],
  () =>
    (value, _, options): Effect.Effect<Schema.JsonObject, SchemaIssue.Issue> =>
      takeLooked(value) || fit(value) ? Effect.succeed(value as Schema.JsonObject) : decode(value, options),
  jsonObjectAnnotations,
)
