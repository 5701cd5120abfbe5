import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { mostLate, pass, timeoutOption } from "../../src/transport/RunningTime.ts"
import { makeLateClock } from "./lateClock.ts"

const limit = Duration.seconds(10)

const started = Effect.fnUntraced(function* <A>(effect: Effect.Effect<A>, stop: Duration.Input = 0) {
  const { clock, stopFor } = yield* makeLateClock
  stopFor(stop)
  const fiber = yield* Effect.forkChild(Effect.provideService(effect, Clock.Clock, clock), { startImmediately: true })
  return { fiber, stopFor, hasEnded: () => fiber.pollUnsafe() !== undefined }
})

describe("a limit in the time in which this process runs", () => {
  it.effect.each(["1 millis", "250 millis", "1 second", "1500 millis", "10 seconds", "1 hour"] as const)(
    "ends after %s to the millisecond, if it runs all the time",
    (duration) =>
      Effect.gen(function* () {
        const { hasEnded } = yield* started(pass(Duration.fromInputUnsafe(duration)))
        yield* TestClock.adjust(Duration.millis(Duration.toMillis(duration) - 1))
        assert.isFalse(hasEnded())
        yield* TestClock.adjust("1 millis")
        assert.isTrue(hasEnded())
      }),
  )

  it.effect("is as long after the machine slept as it was before", () =>
    Effect.gen(function* () {
      const { hasEnded, stopFor } = yield* started(pass(limit))
      yield* TestClock.adjust("2500 millis")
      stopFor("8 hours")
      // The timer that is set now comes 8 hours late.
      yield* TestClock.adjust("500 millis")
      yield* TestClock.adjust("8 hours")
      yield* TestClock.adjust("7 seconds")
      assert.isFalse(hasEnded())
      yield* TestClock.adjust("1 seconds")
      assert.isTrue(hasEnded())
    }),
  )

  it.effect("takes an answer that has come while the process was stopped, though its time was over", () =>
    Effect.gen(function* () {
      // It is read soon after the process goes on.
      const answer = Effect.provideService(
        Effect.delay(Effect.succeed("answer"), Duration.sum(Duration.hours(1), Duration.millis(10_200))),
        Clock.Clock,
        yield* Clock.Clock,
      )
      const { fiber, stopFor } = yield* started(timeoutOption(answer, limit))
      yield* TestClock.adjust("8500 millis")
      stopFor("1 hour")
      yield* TestClock.adjust("2 hours")
      assert.deepEqual(yield* Fiber.join(fiber), Option.some("answer"))
    }),
  )

  it.effect.each([
    [250, 250, 250],
    [1_000, 1_000, 1_000],
    [1_500, 500, 1_000],
    [3_001, 1, 1_000],
  ] as const)("of %d ms, stopped when %d ms are left, has a grace of %d ms", ([millis, left, grace]) =>
    Effect.gen(function* () {
      const stop = left === millis ? "1 minute" : 0
      const { hasEnded, stopFor } = yield* started(pass(Duration.millis(millis)), stop)
      if (left < millis) {
        // The timer that is set for what is left comes late, and not the one before.
        yield* TestClock.adjust(Duration.millis(millis - left - 500))
        stopFor("1 minute")
        yield* TestClock.adjust("500 millis")
      }
      yield* TestClock.adjust(Duration.millis(60_000 + left))
      yield* TestClock.adjust(Duration.millis(grace - 1))
      assert.isFalse(hasEnded())
      yield* TestClock.adjust("1 millis")
      assert.isTrue(hasEnded())
    }),
  )

  it.effect("does not mind a timer that is late by less than a second", () =>
    Effect.gen(function* () {
      const { hasEnded } = yield* started(pass(Duration.seconds(1)), "900 millis")
      yield* TestClock.adjust("1900 millis")
      assert.isTrue(hasEnded())
    }),
  )

  it.effect.each([
    ["1 second", 1 + mostLate],
    ["30 seconds", 30 + mostLate],
  ] as const)("of %s ends on a machine that is so busy that each timer comes late", ([duration, timers]) =>
    Effect.gen(function* () {
      const { clock, stopEachTimeFor } = yield* makeLateClock
      stopEachTimeFor("1500 millis")
      const waiting = Effect.provideService(pass(Duration.fromInputUnsafe(duration)), Clock.Clock, clock)
      const fiber = yield* Effect.forkChild(waiting, { startImmediately: true })
      yield* TestClock.adjust(Duration.millis(timers * 2_500 - 1))
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.isDefined(fiber.pollUnsafe())
    }),
  )
})
