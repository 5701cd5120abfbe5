import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"

/** The same schema with each field optional. */
export const partial = <Fields extends Schema.Struct.Fields>(schema: Schema.Struct<Fields>) =>
  schema.mapFields(Struct.map(Schema.optionalKey))
