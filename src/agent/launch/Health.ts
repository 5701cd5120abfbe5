/**
 * Whether a plugin's event loop answers, as a function of (health, tick).
 *
 * Silence is counted in ticks of the agent's own timer, not in time. When the
 * agent itself was held up, or the machine slept, a tick comes late, counts once,
 * and is the last one only where each comes late. So the agent's lag is not mistaken
 * for the plugin's.
 */
import * as Schema from "effect/Schema"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/** How the silence of a plugin is measured. */
export class HealthSettings extends Schema.Opaque<HealthSettings>()(
  Schema.Struct({
    /** How often a plugin with calls outstanding is checked. */
    tickMillis: positive,
    /** A plugin that is silent for this long is suspect. */
    suspectMillis: positive,
    /** A plugin that is silent for this long is considered stalled, and killed. */
    stalledMillis: positive,
  }),
) {}

export const defaultHealthSettings: HealthSettings = { tickMillis: 1_000, suspectMillis: 3_000, stalledMillis: 30_000 }

export interface Health {
  readonly verdict: "healthy" | "suspect" | "stalled"
  readonly silentMillis: number
}

export const healthy: Health = { verdict: "healthy", silentMillis: 0 }

/** What happened since the last tick. */
export interface Tick {
  /** Whether calls are outstanding. Without any, a plugin may be silent. */
  readonly outstanding: boolean
  /** Whether anything was heard from the plugin. */
  readonly heard: boolean
  /** Whether a debugger is attached, which may hold the plugin for any time. */
  readonly debugged: boolean
  /** Whether the tick came late, because this process did not run, and did not listen either. Not on a machine where each is late. */
  readonly isExcused: boolean
}

export const nextHealth = (health: Health, tick: Tick, settings: HealthSettings): Health => {
  if (!tick.outstanding || tick.heard || tick.debugged) return healthy
  const silentMillis = health.silentMillis + settings.tickMillis
  // What it has said meanwhile may not have been read yet.
  if (silentMillis >= settings.stalledMillis) return tick.isExcused ? health : { verdict: "stalled", silentMillis }
  return { verdict: silentMillis >= settings.suspectMillis ? "suspect" : "healthy", silentMillis }
}
