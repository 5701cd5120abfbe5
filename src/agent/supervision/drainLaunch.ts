/** Accepts nothing new, and lets what is in flight end within a bound. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as RunningTime from "../../transport/RunningTime.ts"
import { PluginEvent } from "./PluginEvent.ts"
import type { SupervisorState } from "./SupervisorState.ts"

/** Drains the launch of the state that a plugin had, if it had one. */
export const drainLaunch = Effect.fnUntraced(function* (
  state: SupervisorState,
  of: {
    readonly plugin: string
    readonly drainMillis: number
    readonly publish: (event: PluginEvent) => Effect.Effect<void>
  },
) {
  if (state._tag !== "Ready" && state._tag !== "Recycling") return
  const { admission, generation, inFlight } = state.launch
  const operations = inFlight()
  if (operations.length > 0) {
    yield* of.publish(PluginEvent.cases.Draining.make({ plugin: of.plugin, generation, operations }))
  }
  yield* RunningTime.timeoutOption(admission.drain, Duration.millis(of.drainMillis))
})
