/** Makes a sample of a type that has none from its JSON Schema. It is always the same one, so that a run can be repeated. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { schemaCheckFor } from "../../../agent/forma/SchemaCheck.ts"
import type { Properties, TypeCapabilities } from "../../../protocol/Resource.ts"
import { ownValue } from "../../../protocol/ownValue.ts"
import { exampleOf } from "./exampleOf.ts"
import type { Sample } from "./Samples.ts"

/** A value that the schema allows; undefined if none can be made from it. */
const valueOf = Effect.fnUntraced(function* (schema: Properties): Effect.fn.Return<Properties | undefined> {
  const value = exampleOf(schema)
  if (!Predicate.isObject(value) || Array.isArray(value)) return undefined
  const made = value as Properties
  const { givenUpAt, issues } = (yield* schemaCheckFor([schema]))(schema, made)
  return issues.length === 0 && givenUpAt === undefined ? made : undefined
})

/** A sample without the properties that the provider sets; undefined if none can be made. */
export const generateSample = Effect.fnUntraced(function* ({
  properties: traits,
  schema = {},
  targetSchema,
  type,
}: TypeCapabilities): Effect.fn.Return<Sample | undefined> {
  const properties = yield* valueOf(schema)
  const target = targetSchema === undefined ? {} : yield* valueOf(targetSchema)
  if (properties === undefined || target === undefined) return undefined
  const given = Object.entries(properties).filter(([name]) => ownValue(traits, name)?.output !== true)
  return { type, target, properties: Object.fromEntries(given) }
})
