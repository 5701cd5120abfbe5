/** The handshake: the first exchange after a launch. */
import * as Schema from "effect/Schema"
import { Features } from "./Features.ts"
import { Cookie, Generation, Namespace, NodeName } from "./Identity.ts"
import { TypeCapabilities } from "./Resource.ts"
import { OperatorSettings } from "./Settings.ts"

/** The versions of this protocol that a peer speaks, from `min` to `max`, both included. */
export const ProtocolRange = Schema.Struct({ min: Schema.Int, max: Schema.Int })
export type ProtocolRange = typeof ProtocolRange.Type

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
export const HandshakeRequest = Schema.Struct({
  protocol: ProtocolRange,
  agentVersion: Schema.String,
  agentNode: NodeName,
  generation: Generation,
  cookie: Cookie,
  settings: OperatorSettings,
  /** Absent if the plugin is given no settings of its own. */
  config: Schema.optionalKey(PluginConfig),
  /** What the agent knows beyond version 1. */
  features: Schema.optionalKey(Features),
})
export type HandshakeRequest = typeof HandshakeRequest.Type

/** What the plugin answers: who it is, and what it can do. */
export const HandshakeResponse = Schema.Struct({
  /** The version that the rest of the connection uses. */
  protocol: Schema.Int,
  name: Schema.NonEmptyString,
  namespace: Namespace,
  version: Schema.NonEmptyString,
  node: NodeName,
  cookie: Cookie,
  pid: Schema.Int,
  types: Schema.Array(TypeCapabilities),
  /** What the plugin knows beyond version 1. */
  features: Schema.optionalKey(Features),
})
export type HandshakeResponse = typeof HandshakeResponse.Type

/** The plugin refused the handshake. The message says why, and what to do about it. */
export class HandshakeRefused extends Schema.TaggedError<HandshakeRefused>(
  "formae/protocol/Handshake/HandshakeRefused",
)("HandshakeRefused", { message: Schema.String }) {}
