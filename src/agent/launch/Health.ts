/**
 * Whether a plugin's event loop answers, as a function of (health, heard).
 *
 * Silence is counted in ticks of the agent's own timer, not in time: when the
 * agent itself was held up, or the machine slept, a tick comes late and counts
 * once. So the agent's lag is never taken for the plugin's.
 */
import * as Schema from "effect/Schema"

const positive = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

export const HealthSettings = Schema.Struct({
  /** How often a plugin with calls outstanding is looked at. */
  tickMillis: positive,
  /** Silent for so long, it is suspect. */
  suspectMillis: positive,
  /** Silent for so long, it is taken for stalled, and killed. */
  stalledMillis: positive,
})
export type HealthSettings = typeof HealthSettings.Type

export const defaultHealthSettings: HealthSettings = { tickMillis: 1_000, suspectMillis: 3_000, stalledMillis: 30_000 }

export interface Health {
  readonly verdict: "healthy" | "suspect" | "stalled"
  readonly silentMillis: number
}

export const healthy: Health = { verdict: "healthy", silentMillis: 0 }

/** What happened since the last tick. */
export interface Tick {
  /** Whether calls are outstanding. A plugin that nobody waits for may be as silent as it likes. */
  readonly outstanding: boolean
  /** Whether anything was heard from the plugin. */
  readonly heard: boolean
  /** A plugin under a debugger stands still for as long as its author thinks. */
  readonly debugged: boolean
}

export const nextHealth = (health: Health, tick: Tick, settings: HealthSettings): Health => {
  if (!tick.outstanding || tick.heard || tick.debugged) return healthy
  const silentMillis = health.silentMillis + settings.tickMillis
  if (silentMillis >= settings.stalledMillis) return { verdict: "stalled", silentMillis }
  return { verdict: silentMillis >= settings.suspectMillis ? "suspect" : "healthy", silentMillis }
}
