/** The part of a configuration that is about operators, for all plugins or for one. */
import * as Schema from "effect/Schema"
import { defaultOperatorSettings, OperatorSettings } from "../../protocol/Settings.ts"
import { partial } from "./partial.ts"

const { callTimeoutMillis, logLevel, poll, rateLimit, retry } = OperatorSettings.fields

/** How plugins retry, poll and log. Every part is optional, down to the single number. */
export class OperatorConfiguration extends Schema.Opaque<OperatorConfiguration>()(
  Schema.Struct({
    /** How a call is retried after a recoverable failure. */
    retry: Schema.optionalKey(partial(retry)),
    /** How accepted work is polled, unless the type has settings of its own. */
    poll: Schema.optionalKey(partial(poll)),
    /** How long one call of the provider may take, in milliseconds. */
    callTimeoutMillis: Schema.optionalKey(callTimeoutMillis),
    /** The lowest level that is logged. */
    logLevel: Schema.optionalKey(logLevel),
    /** How many requests of the provider are made at each place. */
    rateLimit,
  }),
) {}

const merge = (settings: OperatorSettings, given: OperatorConfiguration = {}): OperatorSettings => ({
  ...settings,
  ...given,
  retry: { ...settings.retry, ...given.retry },
  poll: { ...settings.poll, ...given.poll },
})

/** The settings of one operator: the defaults, overridden by those for all plugins, overridden by its own. */
export const operatorSettingsOf = (
  all: OperatorConfiguration | undefined,
  own?: OperatorConfiguration,
): OperatorSettings => merge(merge(defaultOperatorSettings, all), own)
