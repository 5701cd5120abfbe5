import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"

/** Runs `effect` in a time that never stands still: it passes in steps, as fast as `effect` lets it. */
export const inTime = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  step: Duration.Input = "100 millis",
): Effect.Effect<A, E, R> => Effect.raceFirst(effect, Effect.forever(TestClock.adjust(step)))
