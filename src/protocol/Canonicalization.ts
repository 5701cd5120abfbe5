/** The call `Canonicalize`: forms of properties that the traits of a type cannot describe. */
import * as Schema from "effect/Schema"
import { OperationId, ResourceType } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"

/** Properties of one type, as they were given or returned. No provider is asked, so there is no target. */
export class CanonicalizeRequest extends Schema.Opaque<CanonicalizeRequest>()(
  Schema.Struct({
    /** Identifies the call. */
    operationId: OperationId,
    /** The type that all of the properties belong to. */
    resourceType: ResourceType,
    /** The properties, with parts missing where they are secret. */
    properties: Schema.Array(JsonObject),
  }),
) {}

/** The canonical form of each, in the same order. The canonical form of a canonical form is itself. */
export class CanonicalProperties extends Schema.Opaque<CanonicalProperties>()(
  Schema.Struct({
    /** The forms. */
    properties: Schema.Array(JsonObject),
  }),
) {}
