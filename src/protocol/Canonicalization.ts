/** The call `Canonicalize`: forms of properties that the traits of a type cannot describe. */
import * as Schema from "effect/Schema"
import { OperationId, ResourceType } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"

/** Properties of one type, as they were given or returned. No provider is asked, so there is no target. */
export const CanonicalizeRequest = Schema.Struct({
  operationId: OperationId,
  resourceType: ResourceType,
  properties: Schema.Array(JsonObject),
})
export type CanonicalizeRequest = typeof CanonicalizeRequest.Type

/** The canonical form of each, in the same order. The canonical form of a canonical form is itself. */
export const CanonicalProperties = Schema.Struct({ properties: Schema.Array(JsonObject) })
export type CanonicalProperties = typeof CanonicalProperties.Type
