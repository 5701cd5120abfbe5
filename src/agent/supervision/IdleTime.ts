/** When a plugin that nobody uses is stopped. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { monotonicMillis } from "../../transport/RunningTime.ts"
import type { Admission } from "../launch/Admission.ts"

/**
 * What to do with a launch that may be idle.
 *
 * - `Sleep`: look again after this time.
 * - `StopIfIdle`: it was not used for long enough. It is stopped, unless a call
 *   is under way.
 */
export type IdleDecision = { readonly _tag: "Sleep"; readonly millis: number } | { readonly _tag: "StopIfIdle" }

/** Decides at `now` on a launch that was last used at `lastUse`. All times are in milliseconds. */
export const idleDecision = (lastUse: number, now: number, idleMillis: number): IdleDecision => {
  const millis = lastUse + idleMillis - now
  return millis > 0 ? { _tag: "Sleep", millis } : { _tag: "StopIfIdle" }
}

export interface IdleTime {
  /** Begins and ends a use around a call. */
  readonly used: <A, E>(call: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** Says that the plugin is used now. */
  readonly touch: () => void
  /** Completes when a launch was not used for the whole time. It takes nothing any more by then. */
  readonly reached: (admission: Admission) => Effect.Effect<void>
}

/** Without a time, no plugin is ever stopped for it, and a call costs nothing more. */
export const makeIdleTime = Effect.fnUntraced(function* (idleMillis: number | undefined): Effect.fn.Return<IdleTime> {
  if (idleMillis === undefined) return { used: (call) => call, touch: () => undefined, reached: () => Effect.never }
  const clock = yield* Clock.Clock
  let lastUse = monotonicMillis(clock)
  const touch = () => {
    lastUse = monotonicMillis(clock)
  }
  const touched = Effect.sync(touch)
  return {
    used: (call) => Effect.andThen(touched, Effect.ensuring(call, touched)),
    touch,
    reached: Effect.fnUntraced(function* ({ retireIfIdle, untilIdle }) {
      while (true) {
        const decision = idleDecision(lastUse, monotonicMillis(clock), idleMillis)
        if (decision._tag === "Sleep") {
          yield* Effect.sleep(Duration.millis(decision.millis))
        } else {
          if (yield* retireIfIdle) return
          // What is under way counts as used until it ends, also a call that nobody has marked.
          yield* untilIdle
          touch()
        }
      }
    }),
  }
})
