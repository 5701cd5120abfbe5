/**
 * A plugin's own settings: decoded in the handshake, and passed to the layer that
 * its handlers need. No error ever shows a value of the settings.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { HandshakeRefused, type PluginConfig } from "../protocol/Handshake.ts"
import { describeIssue } from "../protocol/Issue.ts"

/** The schema of a plugin's settings. Its encoded form must be a JSON object. */
export type SettingsSchema<Settings> = Schema.Codec<Settings, unknown>

const valueOf = (config: PluginConfig | undefined) => (config === undefined ? {} : Redacted.value(config))

/** Decodes the settings of a launch. Settings that are not given count as an empty object, so fields with defaults may be left out. */
export const decodeSettings = <Settings>(
  plugin: string,
  schema: SettingsSchema<Settings>,
): ((config: PluginConfig | undefined) => Effect.Effect<Settings, HandshakeRefused>) => {
  const decode = Schema.decodeUnknownEffect(schema, { onExcessProperty: "error", errors: "all" })
  return (config) =>
    Effect.mapError(
      decode(valueOf(config)),
      ({ issue }) =>
        new HandshakeRefused({ message: `The settings of the plugin ${plugin} are wrong: ${describeIssue(issue)}` }),
    )
}

/** Refuses any settings, for a plugin that declares none: a user who gives it some expects an effect that they do not have. */
export const refuseSettings = (
  plugin: string,
  config: PluginConfig | undefined,
): Effect.Effect<void, HandshakeRefused> => {
  const names = Object.keys(valueOf(config))
  if (names.length === 0) return Effect.void
  return Effect.fail(
    new HandshakeRefused({
      message: `The plugin ${plugin} has no settings, and was given ${names.join(", ")}: take them out of its configuration`,
    }),
  )
}
