import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/testing/TestClock"
import { pass, timeoutOption } from "../../src/transport/RunningTime.ts"
import { makeLateClock } from "./lateClock.ts"

const limit = Duration.seconds(10)

const started = Effect.fnUntraced(function* <A>(effect: Effect.Effect<A>) {
  const { clock, stopFor } = yield* makeLateClock
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
    ["1 second", 1_000],
    ["250 millis", 250],
  ] as const)("has a grace after its last timer came late: %s", ([short, grace]) =>
    Effect.gen(function* () {
      const { clock, stopFor } = yield* makeLateClock
      stopFor("1 minute")
      const fiber = yield* Effect.forkChild(
        Effect.provideService(pass(Duration.fromInputUnsafe(short)), Clock.Clock, clock),
        { startImmediately: true },
      )
      yield* TestClock.adjust("1 minute")
      yield* TestClock.adjust(short)
      yield* TestClock.adjust(Duration.millis(grace - 1))
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.isDefined(fiber.pollUnsafe())
    }),
  )

  it.effect("does not mind a timer that is late by less than a second", () =>
    Effect.gen(function* () {
      const { clock, stopFor } = yield* makeLateClock
      stopFor("900 millis")
      const fiber = yield* Effect.forkChild(Effect.provideService(pass(Duration.seconds(1)), Clock.Clock, clock), {
        startImmediately: true,
      })
      yield* TestClock.adjust("1900 millis")
      assert.isDefined(fiber.pollUnsafe())
    }),
  )
})
