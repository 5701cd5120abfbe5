/** Attributes of SQS and SNS: text on the wire, typed values in a document. */
import { ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"

export const BooleanFromText = Schema.Literals(["true", "false"]).pipe(
  Schema.decodeTo(
    Schema.Boolean,
    SchemaTransformation.transform({
      decode: (text) => text === "true",
      encode: (value) => (value ? "true" : "false"),
    }),
  ),
)

/** Reads and writes the attributes of one kind of resource. */
export const attributesOf = <A, I extends { readonly [name: string]: string | undefined }>(
  subject: string,
  schema: Schema.Codec<A, I>,
) => {
  const decode = Schema.decodeUnknownEffect(schema)
  const encode = Schema.encodeEffect(schema)
  return {
    read: (attributes: Record<string, string> = {}): Effect.Effect<A, ProviderError> =>
      Effect.mapError(decode(attributes), () =>
        ProviderError.of("GeneralServiceException", `${subject}: the attributes are not as the service documents them`),
      ),
    write: (attributes: A): Effect.Effect<I> => Effect.orDie(encode(attributes)),
  }
}
