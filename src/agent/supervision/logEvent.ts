/** Writes what goes wrong with a plugin to the agent's log: as a warning, unless a caller gets it as an error anyway. */
import * as Effect from "effect/Effect"
import { isStartCrash } from "../launch/StartFailure.ts"
import type { PluginEvent } from "./PluginEvent.ts"

export const logEvent = (event: PluginEvent): Effect.Effect<void> => {
  const of = Effect.annotateLogs(
    "generation" in event ? { plugin: event.plugin, generation: event.generation } : { plugin: event.plugin },
  )
  switch (event._tag) {
    case "Suspect":
      return of(Effect.logInfo(`The plugin has not answered for ${event.silentMillis} ms`))
    case "Stalled":
      return of(
        Effect.logWarning(
          [`The plugin did not answer for ${event.silentMillis} ms and is killed`, ...event.frames].join("\n    at "),
        ),
      )
    case "StartFailed": {
      // After a crash the callers keep waiting, and nobody gets an error.
      const log = isStartCrash(event.cause) ? Effect.logWarning : Effect.logInfo
      return of(log(`The plugin did not start: ${event.reason}`))
    }
    case "LeaseEnded":
      return of(Effect.logInfo("The plugin was ended, because the lease of the agent was over"))
    case "Crashed":
      return of(Effect.logWarning(`The plugin ${event.reason}`))
    case "Poisoned":
      return of(Effect.logWarning(`The operation ${event.operationId} was set aside`))
    case "RecycleFailed":
      return of(
        Effect.logWarning(
          `The plugin does not start with what its configuration says now, so its launch serves on as it was: ${event.reason}`,
        ),
      )
    case "Quarantined":
      return of(
        Effect.logWarning(
          `The plugin is quarantined: it was restarted ${event.restarts} times, and then it ${event.reason}`,
        ),
      )
    default:
      return Effect.void
  }
}
