import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { Rate } from "../../src/protocol/RateLimit.ts"
import { makeRateLimiter, type RateWait } from "../../src/transport/RateLimiter.ts"

/** A limiter with full places, which records who is served when. */
const makeServed = Effect.fnUntraced(function* (initial: Rate | undefined) {
  let rate = initial
  const served: Array<readonly [name: string, at: number]> = []
  const waits: Array<RateWait> = []
  const limiter = yield* makeRateLimiter(
    ({ burst }) => burst,
    (wait) => Effect.sync(() => void waits.push(wait)),
  )
  const ask = (name: string, place = "here") =>
    Effect.forkChild(
      limiter
        .take(place, () => rate)
        .pipe(
          Effect.andThen(Clock.currentTimeMillis),
          Effect.map((at) => void served.push([name, at])),
        ),
      { startImmediately: true },
    )
  return {
    ask,
    asks: (count: number, place?: string) =>
      Effect.forEach(
        Array.from({ length: count }, (_, index) => `${index}`),
        (name) => ask(name, place),
      ),
    served,
    times: () => served.map(([, at]) => at),
    waits,
    limiter,
    change: (next: Rate | undefined) => {
      rate = next
      limiter.changed()
    },
  }
})

describe("requests to one place", () => {
  it.effect("are made at once up to the burst, and then at the rate, in the order in which they came", () =>
    Effect.gen(function* () {
      const { asks, served } = yield* makeServed({ perSecond: 10, burst: 3 })
      yield* asks(6)
      yield* TestClock.adjust("1 second")
      assert.deepEqual(served, [
        ["0", 0],
        ["1", 0],
        ["2", 0],
        ["3", 100],
        ["4", 200],
        ["5", 300],
      ])
    }),
  )

  it.effect("do not wait for requests to another place", () =>
    Effect.gen(function* () {
      const { asks, times } = yield* makeServed({ perSecond: 1, burst: 1 })
      yield* asks(2, "here")
      yield* asks(2, "there")
      yield* TestClock.adjust("1 second")
      assert.deepEqual(times(), [0, 0, 1_000, 1_000])
    }),
  )

  it.effect("do not overtake those that wait, even if a token has come meanwhile", () =>
    Effect.gen(function* () {
      const { ask, served } = yield* makeServed({ perSecond: 3, burst: 1 })
      yield* ask("first")
      yield* ask("second")
      // The second one wakes at the next whole millisecond.
      yield* TestClock.adjust("333.5 millis")
      yield* ask("third")
      yield* TestClock.adjust("10 seconds")
      assert.deepEqual(
        served.map(([name]) => name),
        ["first", "second", "third"],
      )
    }),
  )

  it.effect("take nothing if they are interrupted, and those behind them do not wait for them", () =>
    Effect.gen(function* () {
      const { ask, served } = yield* makeServed({ perSecond: 1, burst: 1 })
      yield* ask("first")
      const head = yield* ask("head")
      const middle = yield* ask("middle")
      yield* ask("last")
      yield* TestClock.adjust("500 millis")
      yield* Fiber.interrupt(head)
      yield* Fiber.interrupt(middle)
      yield* TestClock.adjust("10 seconds")
      assert.deepEqual(served, [
        ["first", 0],
        ["last", 1_000],
      ])
    }),
  )

  it.effect("say how long they have waited, and how many wait behind them", () =>
    Effect.gen(function* () {
      const rate = { perSecond: 2, burst: 1 }
      const { asks, waits } = yield* makeServed(rate)
      yield* asks(3)
      yield* TestClock.adjust("1 second")
      assert.deepEqual(waits, [
        { place: "here", rate, millis: 500, waiting: 1 },
        { place: "here", rate, millis: 1_000, waiting: 0 },
      ])
    }),
  )
})

describe("a rate that changes", () => {
  it.effect("holds for those that wait, at once and without a burst", () =>
    Effect.gen(function* () {
      const { asks, change, times } = yield* makeServed({ perSecond: 0.001, burst: 1 })
      yield* asks(4)
      yield* TestClock.adjust("100 seconds")
      assert.deepEqual(times(), [0])
      // A tenth of a token has come. At the new rate it would have been 1,000.
      change({ perSecond: 10, burst: 1_000 })
      yield* TestClock.adjust("10 seconds")
      assert.deepEqual(times(), [0, 100_090, 100_190, 100_290])
    }),
  )

  it.effect("brings nothing at the old rate any more, if nobody asks meanwhile", () =>
    Effect.gen(function* () {
      const { asks, change, times } = yield* makeServed({ perSecond: 1_000, burst: 2 })
      yield* asks(2)
      change({ perSecond: 1, burst: 2 })
      yield* TestClock.adjust("1500 millis")
      yield* asks(2)
      yield* TestClock.adjust("10 seconds")
      assert.deepEqual(times(), [0, 0, 1_500, 2_000])
    }),
  )

  it.effect("takes away what is more than the new burst", () =>
    Effect.gen(function* () {
      const { asks, change, times } = yield* makeServed({ perSecond: 1, burst: 10 })
      yield* asks(1)
      change({ perSecond: 1, burst: 2 })
      yield* asks(3)
      yield* TestClock.adjust("10 seconds")
      assert.deepEqual(times(), [0, 0, 0, 1_000])
    }),
  )

  it.effect("lets all of them go when there is none any more", () =>
    Effect.gen(function* () {
      const { asks, change, times } = yield* makeServed({ perSecond: 0.01, burst: 1 })
      yield* asks(3)
      change(undefined)
      yield* TestClock.adjust("1 millis")
      assert.lengthOf(times(), 3)
    }),
  )
})

describe("a place whose provider throttles", () => {
  it.effect("is asked half as often, and then more often with each request", () =>
    Effect.gen(function* () {
      const { asks, limiter, times } = yield* makeServed({ perSecond: 10, burst: 1 })
      yield* asks(1)
      limiter.slowDown("here")
      yield* asks(3)
      yield* TestClock.adjust("1 second")
      // At 16, 17 and 18 of 32 parts of the rate.
      assert.deepEqual(times(), [0, 200, 389, 567])
    }),
  )
})
