/** The part of a configuration that is about supervision, for all plugins or for one. */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import {
  defaultSupervisionSettings,
  SupervisionSettings as Settings,
  type SupervisionSettings,
} from "../supervision/SupervisionSettings.ts"
import { partial } from "./partial.ts"

const { handshakeMillis, health, limits, restart, stop } = Settings.fields

/** How plugins are supervised. Every part is optional, down to the single number. Times are in milliseconds. */
export class SupervisionConfiguration extends Schema.Opaque<SupervisionConfiguration>()(
  Schema.Struct({
    /** The time from the spawn to the answer of the handshake. */
    handshakeMillis: Schema.optionalKey(handshakeMillis),
    /** When a plugin is restarted, and when it is quarantined instead. */
    restart: Schema.optionalKey(
      partial(restart).mapFields(Struct.assign({ intensity: Schema.optionalKey(partial(restart.fields.intensity)) })),
    ),
    /** How the silence of a plugin is measured. */
    health: Schema.optionalKey(partial(health)),
    /** The bounds of the steps in which a plugin is stopped. */
    stop: Schema.optionalKey(partial(stop)),
    /** What a plugin may use, and how many calls may run and wait. */
    limits: Schema.optionalKey(partial(limits)),
  }),
) {}

const merge = (settings: SupervisionSettings, given: SupervisionConfiguration = {}): SupervisionSettings => ({
  handshakeMillis: given.handshakeMillis ?? settings.handshakeMillis,
  restart: {
    ...settings.restart,
    ...given.restart,
    intensity: { ...settings.restart.intensity, ...given.restart?.intensity },
  },
  health: { ...settings.health, ...given.health },
  stop: { ...settings.stop, ...given.stop },
  limits: { ...settings.limits, ...given.limits },
})

/** The settings of one plugin: the defaults, overridden by those for all plugins, overridden by its own. */
export const supervisionOf = (
  all: SupervisionConfiguration | undefined,
  own: SupervisionConfiguration | undefined,
): SupervisionSettings => merge(merge(defaultSupervisionSettings, all), own)
