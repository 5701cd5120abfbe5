/**
 * The restart policy, as a value: a Schedule for the delays, and an intensity
 * past which the plugin is quarantined.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { RestartIntensity } from "./RestartIntensity.ts"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** The restart settings of a configuration. All times are in milliseconds. */
export class RestartSettings extends Schema.Opaque<RestartSettings>()(
  Schema.Struct({
    /** The delay before the second restart; the first one is immediate. */
    baseMillis: positive,
    /** Each further delay is so many times as long as the one before. */
    factor: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(1)),
    /** The longest delay. */
    capMillis: positive,
    /** The share of a delay by which it may be shorter or longer, from 0 to 1. */
    jitter: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })),
    /** With more restarts than this within this time, the plugin is quarantined. */
    intensity: Schema.Struct({
      /** How many restarts are allowed within `withinMillis`. With one more, the plugin is quarantined. */
      restarts: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
      /** The time in which they are counted. */
      withinMillis: positive,
    }),
    /** A launch that served this long was healthy: after it the delays start over. */
    healthyMillis: positive,
  }),
) {}

/** Five restarts in a minute, as VS Code and OTP count them; ARCHITECTURE.md has the precedents. */
export const defaultRestartSettings: RestartSettings = {
  baseMillis: 200,
  factor: 2,
  capMillis: 30_000,
  jitter: 0.2,
  intensity: { restarts: 5, withinMillis: 60_000 },
  healthyMillis: 60_000,
}

/**
 * When a plugin is restarted, and when it is quarantined instead.
 *
 * @example
 * ```ts
 * import * as Duration from "effect/Duration"
 * import * as Schedule from "effect/Schedule"
 * import type { RestartPolicy } from "formae/agent"
 *
 * const patient: RestartPolicy = {
 *   delays: Schedule.spaced("10 seconds"),
 *   intensity: { restarts: 3, withinMillis: 60_000 },
 *   healthyPeriod: Duration.minutes(1),
 * }
 * ```
 */
export interface RestartPolicy {
  /** The delay before each restart since the last healthy launch; any schedule will do. When it ends, the plugin is quarantined. */
  readonly delays: Schedule.Schedule<unknown>
  /** With more restarts than this within this time, the plugin is quarantined. */
  readonly intensity: RestartIntensity
  /** A launch that served this long was healthy: after it the schedule starts over, and no earlier restart counts. */
  readonly healthyPeriod: Duration.Duration
}

/** From -1 to 1, always the same for the same plugin and restart. */
const spread = (plugin: string, restart: number): number => {
  // The hash of a string hardly changes with its last character. The factor, from the golden ratio, spreads it.
  const mixed = Math.imul(Hash.string(`${plugin}#${restart}`), 0x9e3779b1)
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 31 - 1
}

/**
 * No delay at first, then exponential delays up to the cap. The jitter keeps
 * plugins that crashed together from coming back together. It follows from the
 * plugin's name, so that each delay is known beforehand to the millisecond.
 */
export const restartDelays = (settings: RestartSettings, plugin: string): Schedule.Schedule<unknown> =>
  Schedule.concat(
    Schedule.upTo(Schedule.spaced(Duration.zero), { times: 1 }),
    Schedule.min([
      Schedule.exponential(Duration.millis(settings.baseMillis), settings.factor),
      Schedule.spaced(Duration.millis(settings.capMillis)),
    ]),
  ).pipe(
    Schedule.modifyDelay(({ attempt, duration }) =>
      Effect.succeed(
        Duration.millis(Math.round(Duration.toMillis(duration) * (1 + settings.jitter * spread(plugin, attempt)))),
      ),
    ),
  )

/** The policy that the settings make for the plugin with this name. */
export const restartPolicy = (settings: RestartSettings, plugin: string): RestartPolicy => ({
  delays: restartDelays(settings, plugin),
  intensity: settings.intensity,
  healthyPeriod: Duration.millis(settings.healthyMillis),
})
