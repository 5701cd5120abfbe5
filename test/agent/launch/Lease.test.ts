import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { CurrentTerm, inCurrentTerm, Lease, makeLease } from "../../../src/agent/launch/Lease.ts"

const millisOf = (remaining: Effect.Effect<Duration.Duration>) => Effect.map(remaining, Duration.toMillis)

describe("the lease of an agent", () => {
  it.effect("counts from before its renewal was sent, and not at all where that fails", () =>
    Effect.gen(function* () {
      const { lease, renewBy } = yield* makeLease
      assert.deepEqual([yield* millisOf(lease.remaining), lease.current()], [0, undefined])
      yield* Effect.forkChild(renewBy("12 seconds", Effect.sleep("5 seconds")), { startImmediately: true })
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(yield* millisOf(lease.remaining), 7_000)
      yield* Effect.flip(renewBy("12 seconds", Effect.fail("cut off")))
      yield* renewBy("12 seconds", Effect.succeed("taken by another"), (answer) => answer === "mine")
      assert.strictEqual(yield* millisOf(lease.remaining), 7_000)
      // Its answer comes later than it lasts.
      yield* Effect.forkChild(renewBy("1 second", Effect.sleep("2 seconds")), { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* millisOf(lease.remaining), 5_000)
    }),
  )

  it.effect("has a term for each time without a break, which stays over", () =>
    Effect.gen(function* () {
      const { giveUp, lease, renewBy } = yield* makeLease
      const renew = renewBy("10 seconds", Effect.void)
      yield* renew
      const first = lease.current()!
      const over = yield* Effect.forkChild(first.over, { startImmediately: true })
      yield* TestClock.adjust("9 seconds")
      yield* renew
      yield* TestClock.adjust("9 seconds")
      assert.deepEqual([first.isOver(), over.pollUnsafe(), lease.current()?.term], [false, undefined, 1])
      yield* TestClock.adjust("1 second")
      assert.deepEqual([first.isOver(), lease.current()], [true, undefined])
      assert.isDefined(over.pollUnsafe())
      yield* renew
      assert.deepEqual([first.isOver(), lease.current()?.term], [true, 2])
      yield* giveUp
      assert.isUndefined(lease.current())
      yield* renew
      assert.strictEqual(lease.current()?.term, 3)
    }),
  )

  it.effect("ends by the time of day too, because the other clock may stand still while the machine is suspended", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      let suspended = 0
      const standing: Clock.Clock = {
        ...clock,
        currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + suspended,
      }
      const { lease, renewBy } = yield* Effect.provideService(makeLease, Clock.Clock, standing)
      yield* renewBy("10 seconds", Effect.void)
      suspended = 10_000
      assert.isUndefined(lease.current())
    }),
  )

  it.effect("is of the term in which the work has begun", () =>
    Effect.gen(function* () {
      const { lease, renewBy } = yield* makeLease
      const termOf = Effect.map(CurrentTerm, (term) => term?.term)
      assert.isUndefined(yield* inCurrentTerm(termOf))
      const held = Effect.provideService(inCurrentTerm(termOf), Lease, lease)
      assert.deepInclude(yield* Effect.flip(held), { _tag: "LeaseEnded", begun: false })
      yield* renewBy("10 seconds", Effect.void)
      assert.strictEqual(yield* held, 1)
    }),
  )
})
