/** What is known about a resource: its properties, where it lives, and what its type allows. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"
import { Naming } from "./Naming.ts"
import { Paths } from "./PathTraits.ts"

/**
 * The properties of a resource, as JSON, under the names that its provider
 * documents. A plugin may nest this in the schema of a type. Messages use the
 * faster `JsonObject` instead, which is empty in a JSON Schema.
 */
export const Properties = Schema.JsonObject
export type Properties = typeof Properties.Type

/** Where a resource lives and how it is reached: region, account, endpoint. Every call carries it. */
export const TargetConfig = Schema.JsonObject
export type TargetConfig = typeof TargetConfig.Type

/** One operation of a JSON Patch (RFC 6902). */
export const PatchOperation = Schema.Union([
  Schema.Struct({
    /** What is done. */
    op: Schema.Literals(["add", "replace"]),
    /** The JSON Pointer (RFC 6901) to the place. */
    path: Schema.String,
    /** The new value. */
    value: Schema.Json,
  }),
  Schema.Struct({
    op: Schema.Literal("remove"),
    /** The JSON Pointer (RFC 6901) to what is removed. */
    path: Schema.String,
  }),
])
export type PatchOperation = typeof PatchOperation.Type | never

/** A resource as the provider has it. */
export class ResourceState extends Schema.Opaque<ResourceState>()(
  Schema.Struct({
    /** The id that the provider gave it. */
    nativeId: NativeId,
    /** The properties that the provider has. */
    properties: JsonObject,
  }),
) {}

/** What the agent must know about a property to plan a change. */
export class PropertyTraits extends Schema.Opaque<PropertyTraits>()(
  Schema.Struct({
    /** Must be given. */
    required: Schema.Boolean,
    /** Cannot be changed after create: a change replaces the resource. */
    createOnly: Schema.Boolean,
    /** Accepted by the provider, but never returned by a read. */
    writeOnly: Schema.Boolean,
    /** Secret: hashed in the inventory, and redacted wherever it could be printed. */
    opaque: Schema.Boolean,
    /** Set by the provider: it may be referred to, but not given. */
    output: Schema.Boolean,
    /** An array whose order means nothing, such as tags. It is compared as a set. */
    unordered: Schema.Boolean,
  }),
) {}

/**
 * How a repeated create is made harmless. `name`: the native id follows from
 * the properties. `token`: the provider takes the operation id as a token.
 * `tag`: the resource is found by the operation id that it was tagged with.
 * `none`: it is not harmless, so a create whose outcome is unknown is never sent
 * again.
 */
export const Idempotency = Schema.Literals(["name", "token", "tag", "none"])
export type Idempotency = typeof Idempotency.Type | never

/** What a plugin says about one resource type in the handshake. */
export class TypeCapabilities extends Schema.Opaque<TypeCapabilities>()(
  Schema.Struct({
    /** The resource type. */
    type: ResourceType,
    /** How a repeated create is made harmless. */
    idempotency: Idempotency,
    /** Whether resources of the type can be listed. */
    listable: Schema.Boolean,
    /** Whether the plugin can find out what became of a create, by the call `Recover`. */
    recoverable: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
    /** The traits of each property. */
    properties: Schema.Record(Schema.String, PropertyTraits),
    /**
     * Traits and canonical forms by path, at any depth. They add to `properties`.
     * Left out by a plugin without the feature `paths`: then no object is exact,
     * and values are compared as they are.
     */
    paths: Schema.optionalKey(Paths),
    /** Whether the plugin has to be asked for canonical forms, by the call `Canonicalize`. */
    canonicalizes: Schema.optionalKey(Schema.Boolean),
    /** Whether an update is to carry `lastRead`, from which it can save reads of its own. */
    takesLastRead: Schema.optionalKey(Schema.Boolean),
    /**
     * How the agent makes the name of a resource whose document has none: then a
     * document need not give that property, although it is required. Left out
     * where it cannot, and by a plugin without the feature `naming`.
     */
    naming: Schema.optionalKey(Naming),
    /**
     * The fields of a target's config that say where a resource lives, such as
     * region and account. The others say only how it is reached. If one of these
     * changes, the resource is created again at the new place. If the list is
     * empty, or left out by an older plugin, it stands for all fields.
     */
    targetIdentity: Schema.Array(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
    /** The fields of a target's config that are secret: the agent keeps them encrypted. */
    targetSecrets: Schema.Array(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
    /**
     * The JSON Schema (draft 2020-12) of the properties. Where both sides have the
     * feature `describe`, the call `Describe` gives it, and not the handshake.
     */
    schema: Schema.optionalKey(JsonObject),
    /** The JSON Schema of a target's config, which comes with `schema`. If it is left out there, only the plugin checks the config. */
    targetSchema: Schema.optionalKey(JsonObject),
  }),
) {}
