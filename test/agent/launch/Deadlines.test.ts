import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scheduler from "effect/Scheduler"
import * as TestClock from "effect/testing/TestClock"
import { makeDeadlines } from "../../../src/agent/launch/Deadlines.ts"
import { makeLateClock } from "../../transport/lateClock.ts"

/** Calls with a limit of ten seconds, in a process that can be stopped. */
const makeCalls = Effect.gen(function* () {
  const { clock, stopEachTimeFor, stopFor } = yield* makeLateClock
  const running = yield* Clock.Clock
  const deadlines = yield* Effect.provideService(makeDeadlines(Duration.seconds(10)), Clock.Clock, clock)
  return {
    stopEachTimeFor,
    stopFor,
    /** A call whose answer can be read after this time. */
    begin: (answered: Duration.Input) =>
      Effect.forkChild(
        deadlines.within(
          Effect.provideService(Effect.delay(Effect.succeed("answer"), answered), Clock.Clock, running),
          (end) => end,
          () => Effect.fail("timed out"),
        ),
        { startImmediately: true },
      ),
  }
})

describe("the limit of calls", () => {
  it.effect("is kept for the first one too if its caller gives way before it waits", () =>
    Effect.gen(function* () {
      const deadlines = yield* makeDeadlines(Duration.seconds(10))
      const call = deadlines.within(
        Effect.never,
        (end) => end,
        () => Effect.fail("timed out"),
      )
      const caller = yield* Effect.forkChild(Effect.provideService(call, Scheduler.MaxOpsBeforeYield, 3))
      yield* Effect.replicateEffect(Effect.yieldNow, 20)
      for (let second = 0; second < 12; second++) {
        yield* TestClock.adjust("1 second")
        yield* Effect.replicateEffect(Effect.yieldNow, 20)
      }
      assert.deepStrictEqual(caller.pollUnsafe(), Exit.fail("timed out"))
    }),
  )

  it.effect("is not over for those that waited while the agent was stopped", () =>
    Effect.gen(function* () {
      const { begin, stopFor } = yield* makeCalls
      const answered = yield* begin(Duration.sum(Duration.hours(1), Duration.millis(10_200)))
      const never = yield* begin("1 day")
      yield* TestClock.adjust("8500 millis")
      // The timer that is set after nine seconds, for the last one, comes an hour late.
      stopFor("1 hour")
      yield* TestClock.adjust("1 hour")
      yield* TestClock.adjust("2500 millis")
      assert.strictEqual(yield* Fiber.join(answered), "answer")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Effect.flip(Fiber.join(never)), "timed out")
    }),
  )

  it.effect("is no longer for one that began after the agent went on", () =>
    Effect.gen(function* () {
      const { begin, stopFor } = yield* makeCalls
      const first = yield* begin("1 day")
      stopFor("1 hour")
      yield* TestClock.adjust("1 second")
      // The timer is an hour late, and not there yet.
      yield* TestClock.adjust("59 minutes")
      const second = yield* begin("1 day")
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* Effect.flip(Fiber.join(second)), "timed out")
      assert.strictEqual(yield* Effect.flip(Fiber.join(first)), "timed out")
    }),
  )

  it.effect("is kept to the millisecond while the agent runs", () =>
    Effect.gen(function* () {
      const { begin } = yield* makeCalls
      const early = yield* begin("9999 millis")
      const late = yield* begin("10001 millis")
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(yield* Fiber.join(early), "answer")
      assert.strictEqual(yield* Effect.flip(Fiber.join(late)), "timed out")
    }),
  )

  it.effect("ends on a machine that is so busy that each timer comes late", () =>
    Effect.gen(function* () {
      const { begin, stopEachTimeFor } = yield* makeCalls
      stopEachTimeFor("1500 millis")
      const never = yield* begin("1 day")
      yield* TestClock.adjust("1 minute")
      assert.isDefined(never.pollUnsafe())
      assert.strictEqual(yield* Effect.flip(Fiber.join(never)), "timed out")
    }),
  )
})
