import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"

/** Whether a value is a JSON object, and not an array. */
export const isRecord = (value: unknown): value is Schema.JsonObject =>
  Predicate.isObject(value) && !Array.isArray(value)
