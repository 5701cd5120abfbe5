/** Counts what happens to a plugin. */
import * as Effect from "effect/Effect"
import {
  measure,
  pluginCrashes,
  pluginLaunches,
  pluginQuarantines,
  pluginRestarts,
  pluginStalls,
} from "../metrics/Metrics.ts"
import type { PluginEvent } from "./PluginEvent.ts"

const counters: Partial<Record<PluginEvent["_tag"], typeof pluginCrashes>> = {
  Launched: pluginLaunches,
  Crashed: pluginCrashes,
  RestartingIn: pluginRestarts,
  Stalled: pluginStalls,
  Quarantined: pluginQuarantines,
}

export const measureEvent = ({ _tag, plugin }: PluginEvent): Effect.Effect<void> => {
  const counter = counters[_tag]
  return counter === undefined ? Effect.void : measure(counter, 1, { "formae.plugin": plugin })
}
