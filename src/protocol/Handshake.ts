/** The first exchange after a launch. */
import * as Schema from "effect/Schema"
import { Cookie, Generation, Namespace, NodeName } from "./Identity.ts"
import { TypeCapabilities } from "./Resource.ts"
import { OperatorSettings } from "./Settings.ts"

/** The versions of this protocol that a peer speaks, both ends included. */
export const ProtocolRange = Schema.Struct({ min: Schema.Int, max: Schema.Int })
export type ProtocolRange = typeof ProtocolRange.Type

/** What this build speaks. */
export const supportedProtocol: ProtocolRange = { min: 1, max: 1 }

/** The highest version that both ranges hold, or undefined where there is none. */
export const chooseProtocol = (ours: ProtocolRange, theirs: ProtocolRange): number | undefined => {
  const highest = Math.min(ours.max, theirs.max)
  return highest >= Math.max(ours.min, theirs.min) ? highest : undefined
}

/** A protocol range in words: `1`, or `1 to 3`. */
export const formatProtocol = ({ max, min }: ProtocolRange): string => (min === max ? `${min}` : `${min} to ${max}`)

/**
 * A plugin's own settings, as its author declares them. They may hold secrets:
 * only the pipe sees them as they are, and whatever prints them prints nothing.
 */
export const PluginConfig = Schema.RedactedFromValue(Schema.JsonObject)
export type PluginConfig = typeof PluginConfig.Type

/** The agent's half: who calls, which launch this is, and how to work. */
export const HandshakeRequest = Schema.Struct({
  protocol: ProtocolRange,
  agentVersion: Schema.String,
  agentNode: NodeName,
  generation: Generation,
  cookie: Cookie,
  settings: OperatorSettings,
  /** Left out where the plugin is given none. */
  config: Schema.optionalKey(PluginConfig),
})
export type HandshakeRequest = typeof HandshakeRequest.Type

/** The plugin's half: who answers, and what it can do. */
export const HandshakeResponse = Schema.Struct({
  /** The version that the connection goes on with. */
  protocol: Schema.Int,
  name: Schema.NonEmptyString,
  namespace: Namespace,
  version: Schema.NonEmptyString,
  node: NodeName,
  cookie: Cookie,
  pid: Schema.Int,
  types: Schema.Array(TypeCapabilities),
})
export type HandshakeResponse = typeof HandshakeResponse.Type

/** Why a handshake was refused, in a sentence that says what to do. */
export class HandshakeRefused extends Schema.TaggedError<HandshakeRefused>(
  "formae/protocol/Handshake/HandshakeRefused",
)("HandshakeRefused", { message: Schema.String }) {}
