/** Which real thing a resource is, or would be: asked before anything is created or deleted. */
import * as Schema from "effect/Schema"
import { NativeId } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"
import { CreateRequest } from "./Operation.ts"
import type { TargetConfig, TypeCapabilities } from "./Resource.ts"
import { withoutNul } from "./Text.ts"

const { operationId, resourceType, targetConfig } = CreateRequest.fields

/** A type and a target, and what is asked for there, as far as it is known. Without `properties` only the place is asked for. */
export class IdentifyRequest extends Schema.Opaque<IdentifyRequest>()(
  Schema.Struct({
    /** Identifies the question. */
    operationId,
    /** The type that is asked about. */
    resourceType,
    /** The target that is asked about. */
    targetConfig,
    /** What is asked for, without what is not known yet. */
    properties: Schema.optionalKey(JsonObject),
  }),
) {}

/**
 * The place of a resource, and its native id. Two resources of one type with the
 * same place and the same native id are one thing.
 */
export class Identification extends Schema.Opaque<Identification>()(
  Schema.Struct({
    /**
     * What makes the native ids of the type unique, as text that is compared and
     * not read: for AWS the partition, the account and the region. The same for
     * every way in which the same place can be reached.
     */
    place: Schema.NonEmptyString.check(withoutNul),
    /** The native id that a create with these properties would have. Left out where the provider chooses it. */
    nativeId: Schema.optionalKey(NativeId),
    /**
     * What is known of the target by name, for documents that put it into text:
     * for AWS `accountId`, `region` and `partition`. None of it is secret.
     */
    facts: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  }),
) {}

/**
 * The place that a target's config states by itself: the fields that say where
 * resources live. For types that say nothing else, and for plugins that cannot
 * be asked.
 */
export const placeOfTarget = (
  targetConfig: TargetConfig,
  { targetIdentity, targetSecrets }: Pick<TypeCapabilities, "targetIdentity" | "targetSecrets">,
): string => {
  const names = targetIdentity.length === 0 ? Object.keys(targetConfig) : targetIdentity
  // A secret says how a place is reached. And a place is stored and shown in clear.
  const stated = names.filter((name) => !targetSecrets.includes(name) && Object.hasOwn(targetConfig, name))
  return JSON.stringify(stated.toSorted().map((name) => [name, targetConfig[name]]))
}
