/** Tags, as CloudFormation writes them. Their order does not matter. */
import { Property } from "formae/plugin"
import * as Schema from "effect/Schema"

export const Tags = Property.unordered(
  Schema.optionalKey(Schema.Array(Schema.Struct({ Key: Schema.NonEmptyString, Value: Schema.String }))),
)
