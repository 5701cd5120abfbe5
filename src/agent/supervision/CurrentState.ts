/** The state of one plugin: the only place where it changes, and where it can be watched. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { SupervisorState } from "./SupervisorState.ts"
import type { Answer, WaitingCallers } from "./WaitingCallers.ts"

export interface CurrentState {
  readonly get: () => SupervisorState
  /** The current state, then each later one. Ends with `Stopping`, which is the last. */
  readonly changes: Stream.Stream<SupervisorState>
  /**
   * Sets the state to `next(current)`, and returns the previous one. If `next`
   * returns the same state, nothing changes. With an answer, all waiting callers get it.
   * After `Stopping` there is no other state.
   */
  readonly change: (
    next: (current: SupervisorState) => SupervisorState,
    answer?: Answer,
  ) => Effect.Effect<SupervisorState>
}

export const makeCurrentState = Effect.fnUntraced(function* (
  initial: SupervisorState,
  callers: Pick<WaitingCallers, "take">,
): Effect.fn.Return<CurrentState> {
  const ref = yield* SubscriptionRef.make(initial)
  return {
    get: () => SubscriptionRef.getUnsafe(ref),
    changes: Stream.takeUntil(SubscriptionRef.changes(ref), ({ _tag }) => _tag === "Stopping"),
    change: (next, answer) =>
      SubscriptionRef.modifySome(ref, (before) => {
        const then = before._tag === "Stopping" ? before : next(before)
        if (then === before) return [{ before, tell: undefined }, Option.none()]
        // In the same step, so that a caller that comes later sees the new state and waits for the next answer.
        return [{ before, tell: answer === undefined ? undefined : callers.take() }, Option.some(then)]
      }).pipe(
        Effect.map(({ before, tell }) => {
          if (answer !== undefined) tell?.(answer)
          return before
        }),
        Effect.uninterruptible,
      ),
  }
})
