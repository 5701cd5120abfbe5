/** Tags, as CloudFormation writes them. */
import * as Schema from "effect/Schema"

export const Tags = Schema.optionalKey(
  Schema.Array(Schema.Struct({ Key: Schema.NonEmptyString, Value: Schema.String })),
)
