/**
 * Parts of the protocol that came after version 1. Each side names those that
 * it knows in the handshake. A name that a side does not know means nothing to
 * it, and no call of one that is not named is made. Fields of a type are sent to
 * every agent, because one that does not know them ignores them.
 */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import type { TypeCapabilities } from "./Resource.ts"

/** Names of features. Left out by peers that are older than features, which is the same as an empty list. */
export const Features = Schema.Array(Schema.String)
export type Features = typeof Features.Type

/** Traits and canonical forms by path: `paths` of a resource type. */
export const pathsFeature = "paths"

/** The call `Canonicalize`, for the types that say `canonicalizes`. */
export const canonicalizeFeature = "canonicalize"

/** The call `Describe`: the handshake has no schemas, and they are asked for where they are needed. */
export const describeFeature = "describe"

/** Rules for names that a document leaves out: `naming` of a resource type. */
export const namingFeature = "naming"

/** The field `lastRead` of an update, for the types that say `takesLastRead`. */
export const lastReadFeature = "lastRead"

/** The field `rateLimit` of the settings that `Configure` brings. */
export const rateLimitFeature = "rateLimit"

/** Telemetry records: lines of stderr that report spans, and waits for the rate limit. */
export const telemetryFeature = "telemetry"

/** The call `Lease`, and the field `leaseTerm` of operations that change something. */
export const leaseFeature = "lease"

/** The features that this build knows, as an agent and as a plugin. */
export const supportedFeatures: Features = [
  pathsFeature,
  canonicalizeFeature,
  describeFeature,
  namingFeature,
  lastReadFeature,
  rateLimitFeature,
  telemetryFeature,
  leaseFeature,
]

/** The types of a plugin, without what it does not announce in its handshake. */
export const announcedTypes = ({
  features = [],
  types,
}: {
  readonly features?: Features
  readonly types: ReadonlyArray<TypeCapabilities>
}): ReadonlyArray<TypeCapabilities> => {
  const unannounced = [
    ...(features.includes(pathsFeature) ? [] : (["paths"] as const)),
    ...(features.includes(canonicalizeFeature) ? [] : (["canonicalizes"] as const)),
    ...(features.includes(namingFeature) ? [] : (["naming"] as const)),
    ...(features.includes(lastReadFeature) ? [] : (["takesLastRead"] as const)),
  ]
  return unannounced.length === 0 ? types : types.map((type) => Struct.omit(type, unannounced))
}
