/** The part of a configuration that is about supervision, for all plugins or for one. */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import {
  defaultSupervisionSettings,
  type SupervisionSettings,
  SupervisionSettings as Settings,
} from "../agent/index.ts"

/** The same schema with each field optional. */
export const partial = <Fields extends Schema.Struct.Fields>(schema: Schema.Struct<Fields>) =>
  schema.mapFields(Struct.map(Schema.optionalKey))

const { handshakeMillis, health, limits, restart, stop } = Settings.fields

/** Every part is optional, down to the single number. */
export const SupervisionConfig = Schema.Struct({
  handshakeMillis: Schema.optionalKey(handshakeMillis),
  restart: Schema.optionalKey(partial(restart)),
  health: Schema.optionalKey(partial(health)),
  stop: Schema.optionalKey(partial(stop)),
  limits: Schema.optionalKey(partial(limits)),
})
export type SupervisionConfig = typeof SupervisionConfig.Type

const merge = (settings: SupervisionSettings, config: SupervisionConfig = {}): SupervisionSettings => ({
  handshakeMillis: config.handshakeMillis ?? settings.handshakeMillis,
  restart: { ...settings.restart, ...config.restart },
  health: { ...settings.health, ...config.health },
  stop: { ...settings.stop, ...config.stop },
  limits: { ...settings.limits, ...config.limits },
})

/** The settings of one plugin: the defaults, overridden by those for all plugins, overridden by its own. */
export const supervisionOf = (all: SupervisionConfig | undefined, own: SupervisionConfig | undefined) =>
  merge(merge(defaultSupervisionSettings, all), own)
