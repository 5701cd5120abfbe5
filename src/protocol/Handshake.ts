/** The handshake: the first exchange after a launch. */
import * as Schema from "effect/Schema"
import { describeFeature, Features } from "./Features.ts"
import { Cookie, Generation, Namespace, NodeName } from "./Identity.ts"
import { TypeCapabilities } from "./Resource.ts"
import { OperatorSettings } from "./Settings.ts"
import { Message } from "./Text.ts"

/** The versions of this protocol that a peer speaks, from `min` to `max`, both included. */
export class ProtocolRange extends Schema.Opaque<ProtocolRange>()(
  Schema.Struct({
    /** The lowest version. */
    min: Schema.Int,
    /** The highest version. */
    max: Schema.Int,
  }),
) {}

/** The versions that this build speaks. */
export const supportedProtocol: ProtocolRange = { min: 1, max: 1 }

/** The highest version in both ranges, or undefined if they have none in common. */
export const chooseProtocol = (ours: ProtocolRange, theirs: ProtocolRange): number | undefined => {
  const highest = Math.min(ours.max, theirs.max)
  return highest >= Math.max(ours.min, theirs.min) ? highest : undefined
}

/** A range of versions in words: `1`, or `1 to 3`. */
export const formatProtocol = ({ max, min }: ProtocolRange): string => (min === max ? `${min}` : `${min} to ${max}`)

/**
 * A plugin's own settings, as the plugin declares them. They may hold secrets:
 * they cross the pipe as plain JSON, and are redacted everywhere else.
 */
export const PluginConfig = Schema.RedactedFromValue(Schema.JsonObject)
export type PluginConfig = typeof PluginConfig.Type

/** What the agent sends: who it is, which launch this is, and how the plugin is to work. */
export class HandshakeRequest extends Schema.Opaque<HandshakeRequest>()(
  Schema.Struct({
    /** The versions that the agent speaks. */
    protocol: ProtocolRange,
    /** The semantic version of the agent. */
    agentVersion: Schema.String,
    /** The name of the agent. */
    agentNode: NodeName,
    /** The number of the launch. */
    generation: Generation,
    /** The random value of the launch. The plugin refuses any other than the one in its environment. */
    cookie: Cookie,
    /** How the plugin retries, polls and logs. */
    settings: OperatorSettings,
    /** Absent if the plugin is given no settings of its own. */
    config: Schema.optionalKey(PluginConfig),
    /** What the agent knows beyond version 1. */
    features: Schema.optionalKey(Features),
  }),
) {}

/** What the plugin answers: who it is, and what it can do. */
export class HandshakeResponse extends Schema.Opaque<HandshakeResponse>()(
  Schema.Struct({
    /** The version that the rest of the connection uses. */
    protocol: Schema.Int,
    /** The name of the plugin, as in its manifest. */
    name: Schema.NonEmptyString,
    /** The namespace that it serves, as in its manifest. */
    namespace: Namespace,
    /** Its semantic version, as in its manifest. */
    version: Schema.NonEmptyString,
    /** The name of this launch, from its environment. */
    node: NodeName,
    /** The random value of the launch, from its environment. */
    cookie: Cookie,
    /** Its process id. */
    pid: Schema.Int,
    /** The resource types that it serves. */
    types: Schema.Array(TypeCapabilities),
    /** What the plugin knows beyond version 1. */
    features: Schema.optionalKey(Features),
  }).check(
    Schema.makeFilter(({ features = [], types }) =>
      features.includes(describeFeature)
        ? undefined
        : types.flatMap(({ schema }, index) =>
            schema === undefined ? [{ path: ["types", index, "schema"], issue: "is missing" }] : [],
          ),
    ),
  ),
) {}

/** The plugin refused the handshake. The message says why, and what to do about it. */
export class HandshakeRefused extends Schema.TaggedError<HandshakeRefused>(
  "formae/protocol/Handshake/HandshakeRefused",
)("HandshakeRefused", { message: Message }) {}
