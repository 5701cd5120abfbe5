/** The state of one plugin, and the one place where it changes. */
import * as Effect from "effect/Effect"
import type { SupervisorState } from "./SupervisorState.ts"

export interface CurrentState {
  readonly get: () => SupervisorState
  /**
   * Changes the state to what follows from it, and gives the one before; the
   * same state is no change. `onChange` is done in the same step, so that no
   * caller comes between. A plugin that stops changes no more.
   */
  readonly change: (
    next: (current: SupervisorState) => SupervisorState,
    onChange?: () => void,
  ) => Effect.Effect<SupervisorState>
}

export const makeCurrentState = (initial: SupervisorState): CurrentState => {
  let state = initial
  return {
    get: () => state,
    change: (next, onChange) =>
      Effect.sync(() => {
        const before = state
        const then = before._tag === "Stopping" ? before : next(before)
        if (then !== before) {
          state = then
          onChange?.()
        }
        return before
      }),
  }
}
