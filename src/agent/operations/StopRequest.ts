/**
 * Whether a command was asked to stop: what is under way goes on to its next
 * safe point, and nothing else is begun. A host sets it; nobody asks by default.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

export interface StopRequest {
  readonly isMade: () => boolean
  /** Completes when it is made. */
  readonly made: Effect.Effect<void>
}

export const StopRequest = Context.Reference<StopRequest>("formae/agent/operations/StopRequest", {
  defaultValue: () => ({ isMade: () => false, made: Effect.never }),
})
