/** JSON text that is the same for equal values, regardless of the order of their keys. */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"

export const canonicalJson = (value: Schema.Json): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    Predicate.isObject(inner) && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
