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

/** A check that is true only for JSON, and false for what it has to leave to the slower check. */
const makeCheck = () => {
  let visited = 0

  const isJson = (value: unknown, depth: number): boolean => {
    switch (typeof value) {
      case "string":
      case "boolean":
        return true
      case "number":
        return Number.isFinite(value)
      case "object": {
        if (value === null) return true
        if (depth === maxDepth || ++visited > maxValues) return false
        if (Array.isArray(value)) {
          for (let index = 0; index < value.length; index++) {
            if (!isJson(value[index], depth + 1)) return false
          }
          return true
        }
        return isPlain(value) && hasJson(value, depth)
      }
      default:
        return false
    }
  }

  const hasJson = (value: object, depth: number): boolean => {
    for (const key in value) {
      if (!isJson((value as Record<string, unknown>)[key], depth + 1)) return false
    }
    return true
  }

  return hasJson
}

const isSmallObject = (value: unknown): value is Schema.JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && isPlain(value) && makeCheck()(value, 0)

const decode = SchemaParser.decodeUnknownEffect(Schema.JsonObject)

/**
 * Accepts and refuses what `Schema.JsonObject` does, with the same issues. The
 * result is the value itself, not a copy.
 */
export const JsonObject = Schema.declareConstructor<Schema.JsonObject>()(
  [],
  () =>
    (value, _, options): Effect.Effect<Schema.JsonObject, SchemaIssue.Issue> =>
      isSmallObject(value) ? Effect.succeed(value) : decode(value, options),
  {
    expected: "JSON object",
    toCodecJson: () => undefined,
    toCodecArbitrary: () => Schema.link<Schema.JsonObject>()(Schema.JsonObject, SchemaTransformation.passthrough()),
  },
)
