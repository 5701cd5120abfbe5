/** What is known of a resource: its properties, where it lives, and what its type allows. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"

/**
 * The properties of a resource, as JSON, under the names that its provider
 * documents. Messages check them by `JsonObject`, which says nothing in a JSON
 * Schema; a plugin may nest this in the schema of a type.
 */
export const Properties = Schema.JsonObject
export type Properties = typeof Properties.Type

/** Where a resource lives and how it is reached: region, account, endpoint. It travels with each call. */
export const TargetConfig = Schema.JsonObject
export type TargetConfig = typeof TargetConfig.Type

/** One operation of a JSON patch, as in RFC 6902. */
export const PatchOperation = Schema.Union([
  Schema.Struct({ op: Schema.Literals(["add", "replace"]), path: Schema.String, value: Schema.Json }),
  Schema.Struct({ op: Schema.Literal("remove"), path: Schema.String }),
])
export type PatchOperation = typeof PatchOperation.Type

/** A resource as its provider has it. */
export const ResourceState = Schema.Struct({ nativeId: NativeId, properties: JsonObject })
export type ResourceState = typeof ResourceState.Type

/** What the agent must know of a property to plan a change. */
export const PropertyTraits = Schema.Struct({
  /** Must be in the forma. */
  required: Schema.Boolean,
  /** Can not be changed after create: a change replaces the resource. */
  createOnly: Schema.Boolean,
  /** Accepted and never returned by a read. */
  writeOnly: Schema.Boolean,
  /** Secret: hashed in the inventory, redacted wherever it could be printed. */
  opaque: Schema.Boolean,
  /** Set by the provider: may be referred to, may not be given. */
  output: Schema.Boolean,
  /** An array whose order says nothing, such as tags: it is compared as a set. */
  unordered: Schema.Boolean,
})
export type PropertyTraits = typeof PropertyTraits.Type

/**
 * How a repeated create is made harmless. `name`: the native id follows from
 * the properties. `token`: the provider takes the operation id. `tag`: the
 * resource is found by the operation id that it was tagged with. `none`: it is
 * not, and a create whose outcome is unknown is never sent again.
 */
export const Idempotency = Schema.Literals(["name", "token", "tag", "none"])
export type Idempotency = typeof Idempotency.Type

/** What a plugin says of one resource type in the handshake. */
export const TypeCapabilities = Schema.Struct({
  type: ResourceType,
  idempotency: Idempotency,
  /** Whether resources of the type can be listed. */
  listable: Schema.Boolean,
  /** Whether the plugin can say what became of a create: the call `Recover`. */
  recoverable: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  properties: Schema.Record(Schema.String, PropertyTraits),
  /**
   * The fields of a target's config that say where a resource lives, as region
   * and account do; the rest says how it is reached. Where one of these
   * changes, the resource is made anew at the new place. Where there is none,
   * as of a plugin that does not know of this, all of them do.
   */
  targetIdentity: Schema.Array(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  /** The fields of a target's config that are secret: the agent keeps them encrypted. */
  targetSecrets: Schema.Array(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  /** The JSON Schema (draft 2020-12) of the properties. */
  schema: JsonObject,
  /** The JSON Schema of a target's config. Where it is left out, only the plugin checks it. */
  targetSchema: Schema.optionalKey(JsonObject),
})
export type TypeCapabilities = typeof TypeCapabilities.Type
