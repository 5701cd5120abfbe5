/**
 * Moments by two clocks, for times that must not be outlived. On Linux the
 * monotonic clock stands still while the machine is suspended, and the time of
 * day may be set back: a moment has come as soon as either of them says so.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { monotonicMillis } from "./RunningTime.ts"

/** A moment, in milliseconds of each clock. */
export interface Moment {
  readonly monotonic: number
  readonly wall: number
}

/** Makes the function that gives the present moment. */
export const makeNow: Effect.Effect<() => Moment> = Effect.map(Clock.Clock, (clock) => () => ({
  monotonic: monotonicMillis(clock),
  wall: clock.currentTimeMillisUnsafe(),
}))

/** A moment that has always passed. */
export const never: Moment = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY }

export const after = ({ monotonic, wall }: Moment, millis: number): Moment => ({
  monotonic: monotonic + millis,
  wall: wall + millis,
})

/** The time from one moment to another, in milliseconds: the shorter one of those that the clocks say. */
export const millisBetween = (from: Moment, to: Moment): number =>
  Math.min(to.monotonic - from.monotonic, to.wall - from.wall)

/** Completes when the moment is past, which may be later than it was: `endOf` is looked at again then. */
export const untilPast = (now: () => Moment, endOf: () => Moment): Effect.Effect<void> =>
  Effect.suspend(() => {
    const left = millisBetween(now(), endOf())
    // A timer of Node may come early by a part of a millisecond.
    return left > 0
      ? Effect.andThen(Effect.sleep(Duration.millis(Math.ceil(left))), untilPast(now, endOf))
      : Effect.void
  })
