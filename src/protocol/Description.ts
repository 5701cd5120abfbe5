/** The call `Describe`: the schemas of types whose handshake has left them out. */
import * as Schema from "effect/Schema"
import { ResourceType } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"

/** The types whose schemas are wanted. */
export class DescribeRequest extends Schema.Opaque<DescribeRequest>()(
  Schema.Struct({
    /** Each of them as the handshake has it. */
    types: Schema.Array(ResourceType),
  }),
) {}

/** The schemas of one type. */
export class TypeDescription extends Schema.Opaque<TypeDescription>()(
  Schema.Struct({
    /** The resource type. */
    type: ResourceType,
    /** The JSON Schema (draft 2020-12) of the properties. */
    schema: JsonObject,
    /** The JSON Schema of a target's config. If it is left out, only the plugin checks the config. */
    targetSchema: Schema.optionalKey(JsonObject),
  }),
) {}

/** The schemas of the types that were asked for. */
export class TypeDescriptions extends Schema.Opaque<TypeDescriptions>()(
  Schema.Struct({
    /** One for each type. */
    types: Schema.Array(TypeDescription),
  }),
) {}
