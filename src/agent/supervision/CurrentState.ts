/** The state of one plugin: the one place where it changes, and where it is watched. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { SupervisorState } from "./SupervisorState.ts"
import type { Answer, WaitingCallers } from "./WaitingCallers.ts"

export interface CurrentState {
  readonly get: () => SupervisorState
  /** The state now, and each one that follows, to the last: that it stops. */
  readonly changes: Stream.Stream<SupervisorState>
  /**
   * Changes the state to what follows from it, and gives the one before; the
   * same state is no change. With an answer, the callers that wait get it. A
   * plugin that stops changes no more.
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
        // In the same step: whoever comes after it sees the new state, and waits for what follows that.
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
