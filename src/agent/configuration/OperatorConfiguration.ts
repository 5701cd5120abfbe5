/** The part of a configuration that is about operators, for all plugins or for one. */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { defaultOperatorSettings, OperatorSettings } from "../../protocol/Settings.ts"
import { partial } from "./partial.ts"

const { poll, retry } = OperatorSettings.fields

/** How plugins retry, poll and log. Every part is optional, down to the single number. */
export const OperatorConfiguration = partial(OperatorSettings).mapFields(
  Struct.assign({
    /** How a call is retried after a recoverable failure. */
    retry: Schema.optionalKey(partial(retry)),
    /** How accepted work is polled, unless the type has settings of its own. */
    poll: Schema.optionalKey(partial(poll)),
  }),
)
export type OperatorConfiguration = typeof OperatorConfiguration.Type

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
