import { assert, describe, it } from "@effect/vitest"
import { withPassingTime } from "formae/testing"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/** How much time of the test has passed when it ends. */
const timed = <A, E>(effect: Effect.Effect<A, E>) => Effect.andThen(effect, Clock.currentTimeMillis)

describe("an effect in passing time", () => {
  it.effect("wakes when it should, to the millisecond", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* withPassingTime(timed(Effect.sleep("1 minute"))), 60_000)
      assert.strictEqual(yield* withPassingTime(timed(Effect.sleep("12345 millis"))), 72_345)
    }),
  )

  it.effect("loses at most a step where one delay follows another after a detour", () =>
    Effect.gen(function* () {
      // As bytes are written: the clock does not know what a microtask leads to.
      const hop = Effect.callback<void>((resume) => queueMicrotask(() => resume(Effect.yieldNow)))
      const delays = Effect.replicateEffect(
        Effect.andThen(Effect.sleep("1 second"), Effect.replicateEffect(hop, 10)),
        20,
      )
      assert.isAtMost(yield* withPassingTime(timed(delays), "10 millis"), 20_200)
    }),
  )

  it.effect("has its value, its failure and its interruption", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* withPassingTime(Effect.delay(Effect.succeed(1), "1 hour"), "1 minute"), 1)
      assert.strictEqual(yield* Effect.flip(withPassingTime(Effect.delay(Effect.fail("no"), "1 second"))), "no")
      const running = yield* Effect.forkChild(withPassingTime(Effect.never))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(running)
    }),
  )

  it.effect("is alone in it: before and after, time stands still", () =>
    Effect.gen(function* () {
      yield* withPassingTime(Effect.sleep("1 second"))
      const then = yield* Clock.currentTimeMillis
      yield* Effect.replicateEffect(Effect.yieldNow, 100)
      assert.strictEqual(yield* Clock.currentTimeMillis, then)
    }),
  )
})
