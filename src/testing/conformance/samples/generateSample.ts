/** Makes a sample of a type that has none from its JSON Schema. The seed is fixed, so that a run can be repeated. */
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as JsonSchema from "effect/JsonSchema"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import type { Properties, TypeCapabilities } from "../../../protocol/Resource.ts"
import { ownValue } from "../../../protocol/ownValue.ts"
import type { Sample } from "./Samples.ts"

const seed = "formae"

/** Small: a name of four letters is as good as one of four hundred. */
const size = 4

const arbitraryOf = Option.liftThrowable((schema: Properties) =>
  Arbitrary.schema(
    SchemaRepresentation.fromJsonSchemaDocument(JsonSchema.fromSchemaDraft2020_12(schema), {
      patterns: "apply",
    }) as Schema.Codec<unknown>,
  ),
)

const isObject = Schema.is(Schema.JsonObject)

/** A value that the schema allows; undefined if none can be made from it. */
const valueOf = (schema: Properties) =>
  Option.match(arbitraryOf(schema), {
    onNone: () => Effect.undefined,
    onSome: (arbitrary) =>
      Arbitrary.sampleEffect(arbitrary, { count: 1, size, seed }).pipe(
        Effect.map(([value]) => (isObject(value) ? value : undefined)),
        Effect.orElseSucceed(() => undefined),
      ),
  })

/** A sample without the properties that the provider sets; undefined if none can be made. */
export const generateSample = Effect.fnUntraced(function* ({
  properties: traits,
  schema,
  targetSchema,
  type,
}: TypeCapabilities): Effect.fn.Return<Sample | undefined> {
  const properties = yield* valueOf(schema)
  const target = targetSchema === undefined ? {} : yield* valueOf(targetSchema)
  if (properties === undefined || target === undefined) return undefined
  const given = Object.entries(properties).filter(([name]) => ownValue(traits, name)?.output !== true)
  return { type, target, properties: Object.fromEntries(given) }
})
