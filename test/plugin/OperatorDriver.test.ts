import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { ProviderError } from "../../src/plugin/Answer.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { create, list, makeObserver, status, unobserved } from "../operator/operations.ts"
import { accepted, done, makeScripted } from "./scripted.ts"

const making = create("Now", {})
const refused = (code: "Throttling" | "ServiceInternalError" | "InvalidRequest", message = "no") =>
  Effect.fail(ProviderError.of(code, message))
const withRetries = (maxRetries: number) => ({
  ...defaultOperatorSettings,
  retry: { ...defaultOperatorSettings.retry, maxRetries },
})

/** The time between each and the next, to the microsecond: jittered delays are fractions, and do not add up exactly. */
const between = (times: ReadonlyArray<number>) =>
  times.slice(1).map((time, index) => Math.round((time - times[index]!) * 1_000) / 1_000)

/** That each is the delay it should be, give or take the jitter. */
const assertJittered = (delays: ReadonlyArray<number>, expected: ReadonlyArray<number>) => {
  assert.strictEqual(delays.length, expected.length)
  for (const [index, delay] of delays.entries()) {
    assert.isAtLeast(delay, 0.8 * expected[index]!)
    assert.isAtMost(delay, 1.2 * expected[index]!)
  }
  assert.notDeepEqual(delays, expected)
}

describe("polling", () => {
  it.effect("asks after 250 ms, then each time half as long again, up to 5 seconds, for as long as it takes", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: accepted, status: [accepted] })
      const { observe, seen } = makeObserver()
      const running = yield* Effect.forkChild(operator.perform(making, observe))
      yield* TestClock.adjust("1 hour")
      const asked = timesOf("status")
      const expected = [250, 375, 562.5, 843.75, 1265.625, 1898.4375, 2847.65625, 4271.484375, 5000, 5000]
      const delays = between([0, ...asked])
      for (const [index, delay] of expected.entries()) assert.approximately(delays[index]!, delay, 1)
      assert.isAbove(asked.length, 700)
      assert.lengthOf(timesOf("create"), 1)
      assert.lengthOf(seen, 1)
      assert.isUndefined(running.pollUnsafe())
      yield* Fiber.interrupt(running)
    }),
  )

  it.effect("as the agent has set it, and as a type sets it for itself", () =>
    Effect.gen(function* () {
      const settings = { ...defaultOperatorSettings, poll: { baseMillis: 100, factor: 2, capMillis: 300 } }
      const status = [accepted, accepted, accepted, done]
      const ofAgent = yield* makeScripted({ create: accepted, status }, settings)
      const ofType = yield* makeScripted(
        { create: accepted, status, poll: { baseMillis: 7, factor: 1, capMillis: 7 } },
        settings,
      )
      const running = yield* Effect.forkChild(
        Effect.all([ofAgent.operator.perform(making, unobserved), ofType.operator.perform(making, unobserved)], {
          concurrency: "unbounded",
        }),
      )
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(running)
      assert.deepEqual(between([0, ...ofAgent.timesOf("status")]), [100, 200, 300, 300])
      assert.deepEqual(between([0, ...ofType.timesOf("status")]), [7, 7, 7, 7])
    }),
  )

  it.effect("waits before it asks about work of an earlier launch, too", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({})
      const running = yield* Effect.forkChild(operator.perform(status("Now", "r-1"), unobserved))
      yield* TestClock.adjust("249 millis")
      assert.deepEqual(timesOf("status"), [])
      yield* TestClock.adjust("1 millis")
      assert.deepInclude(yield* Fiber.join(running), { status: "Succeeded", attempts: 0 })
      assert.deepEqual(timesOf("create"), [])
    }),
  )

  it.effect("goes on where it was after a status that failed, and its retries begin anew", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({
        create: accepted,
        status: [accepted, refused("Throttling"), accepted, refused("Throttling"), done],
        poll: { baseMillis: 10, factor: 1, capMillis: 10 },
      })
      const running = yield* Effect.forkChild(operator.perform(making, unobserved))
      yield* TestClock.adjust("1 minute")
      assert.deepInclude(yield* Fiber.join(running), { status: "Succeeded", attempts: 1 })
      const [first, second, firstRetry, third, secondRetry] = between([0, ...timesOf("status")])
      assert.deepEqual([first, second, third], [10, 10, 10])
      assertJittered([firstRetry!, secondRetry!], [500, 500])
    }),
  )
})

describe("retrying", () => {
  it.effect("a recoverable failure 9 times, from 500 ms, doubled up to 30 seconds, jittered", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: refused("Throttling", "slow down") })
      const { observe, seen } = makeObserver()
      const running = yield* Effect.forkChild(operator.perform(making, observe))
      yield* TestClock.adjust("1 hour")
      assert.deepEqual(yield* Fiber.join(running), {
        status: "Failed",
        attempts: 10,
        failure: { code: "Throttling", message: "slow down" },
      })
      assertJittered(between(timesOf("create")), [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000])
      assert.deepEqual(
        seen.map(({ attempts }) => attempts),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      )
    }),
  )

  it.effect("ends with the last failure", () =>
    Effect.gen(function* () {
      let failures = 0
      const { operator } = yield* makeScripted(
        { create: Effect.suspend(() => refused("ServiceInternalError", `failure ${++failures}`)) },
        withRetries(2),
      )
      const running = yield* Effect.forkChild(operator.perform(making, unobserved))
      yield* TestClock.adjust("1 hour")
      assert.deepInclude(yield* Fiber.join(running), {
        failure: { code: "ServiceInternalError", message: "failure 3" },
      })
    }),
  )

  it.effect("stops at a terminal failure, and where no retries are allowed", () =>
    Effect.gen(function* () {
      const terminal = yield* makeScripted({ create: refused("InvalidRequest") })
      assert.deepInclude(yield* terminal.operator.perform(making, unobserved), { status: "Failed", attempts: 1 })
      const once = yield* makeScripted({ create: refused("Throttling") }, withRetries(0))
      assert.deepInclude(yield* once.operator.perform(making, unobserved), { status: "Failed", attempts: 1 })
    }),
  )

  it.effect("a list that hangs is bounded as any call is, and tried again", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ list: Effect.never }, withRetries(1))
      const running = yield* Effect.forkChild(Effect.flip(operator.list(list("Now"))))
      yield* TestClock.adjust("3 minutes")
      const error = yield* Fiber.join(running)
      assert.include(error.message, "ServiceTimeout: The provider did not answer within 60000 ms")
      assert.lengthOf(timesOf("list"), 2)
    }),
  )

  it.effect("a list, too", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ list: refused("Throttling", "slow down") }, withRetries(2))
      const running = yield* Effect.forkChild(Effect.flip(operator.list(list("Now"))))
      yield* TestClock.adjust("1 hour")
      const error = yield* Fiber.join(running)
      assert.strictEqual(error._tag, "ListFailed")
      assert.strictEqual(error.message, "Throttling: slow down")
      assertJittered(between(timesOf("list")), [500, 1000])
    }),
  )
})

describe("a call of the provider", () => {
  it.effect("that does not answer within 60 seconds is a ServiceTimeout, and is made again", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const hangs = Effect.onInterrupt(Effect.never, () => Effect.sync(() => void interrupted++))
      const { operator, timesOf } = yield* makeScripted({ create: hangs })
      const { observe, seen } = makeObserver()
      const running = yield* Effect.forkChild(operator.perform(making, observe))
      yield* TestClock.adjust("59999 millis")
      assert.deepEqual([seen.length, interrupted], [0, 0])
      yield* TestClock.adjust("1 millis")
      assert.deepEqual(seen, [
        {
          status: "InProgress",
          attempts: 1,
          failure: { code: "ServiceTimeout", message: "The provider did not answer within 60000 ms" },
        },
      ])
      assert.strictEqual(interrupted, 1)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(timesOf("create"), 2)
      yield* Fiber.interrupt(running)
    }),
  )

  it.effect("of a create that nothing makes harmless is not made again after that", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: Effect.never, idempotency: "none" })
      const running = yield* Effect.forkChild(operator.perform(making, unobserved))
      yield* TestClock.adjust("1 hour")
      assert.deepInclude(yield* Fiber.join(running), { status: "Failed", attempts: 1 })
      assert.lengthOf(timesOf("create"), 1)
    }),
  )

  it.effect.each([
    ["dies", Effect.die(new TypeError("undefined is not a function"))],
    [
      "throws",
      Effect.sync((): never => {
        throw new TypeError("undefined is not a function")
      }),
    ],
  ] as const)("that %s is an UnforeseenError, and is not made again", ([, broken]) =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: broken })
      assert.deepEqual(yield* operator.perform(making, unobserved), {
        status: "Failed",
        attempts: 1,
        failure: {
          code: "UnforeseenError",
          message: "Suite::Now::Thing: the Create handler threw: undefined is not a function",
        },
      })
      assert.lengthOf(timesOf("create"), 1)
    }),
  )

  it.effect("is interrupted with its caller", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const hangs = Effect.onInterrupt(Effect.never, () => Effect.sync(() => void interrupted++))
      const { operator } = yield* makeScripted({ create: accepted, status: [hangs] })
      const running = yield* Effect.forkChild(operator.perform(making, unobserved))
      yield* TestClock.adjust("250 millis")
      yield* Fiber.interrupt(running)
      assert.strictEqual(interrupted, 1)
    }),
  )

  it.effect("settings hold for the next operation, and those on their way keep theirs", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: refused("Throttling") })
      const before = yield* Effect.forkChild(operator.perform(making, unobserved), { startImmediately: true })
      yield* operator.configure(withRetries(1))
      const after = yield* Effect.forkChild(operator.perform(create("Now", {}), unobserved))
      yield* TestClock.adjust("1 hour")
      assert.deepInclude(yield* Fiber.join(before), { attempts: 10 })
      assert.deepInclude(yield* Fiber.join(after), { attempts: 2 })
      assert.lengthOf(timesOf("create"), 12)
    }),
  )

  it.effect("the operation goes on when the observer is done", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: accepted })
      const running = yield* Effect.forkChild(operator.perform(making, () => Effect.sleep("1 minute")))
      yield* TestClock.adjust("1 minute")
      assert.deepEqual(timesOf("status"), [])
      yield* TestClock.adjust("250 millis")
      assert.deepEqual(timesOf("status"), [60_250])
      yield* Fiber.join(running)
    }),
  )
})
