import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { inProgress } from "../../src/plugin/Answer.ts"
import type { AcceptedWork } from "../../src/plugin/OperatorState.ts"
import type { Failure } from "../../src/protocol/ErrorCode.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { list, makeObserver, status, unobserved } from "../operator/operations.ts"
import { accepted, creating, done, makeScripted, refuse, withRetries } from "./scripted.ts"

/** The delays between these times, to the microsecond, because sums of jittered delays are not exact. */
const between = (times: ReadonlyArray<number>) =>
  times.slice(1).map((time, index) => Math.round((time - times[index]!) * 1_000) / 1_000)

/** Asserts that each delay is as expected, give or take the jitter. */
const assertJittered = (delays: ReadonlyArray<number>, expected: ReadonlyArray<number>) => {
  assert.strictEqual(delays.length, expected.length)
  for (const [index, delay] of delays.entries()) {
    assert.isAtLeast(delay, 0.8 * expected[index]!)
    assert.isAtMost(delay, 1.2 * expected[index]!)
  }
  assert.notDeepEqual(delays, expected)
}

describe("polling", () => {
  it.effect("begins after 250 ms and slows down by half each time, up to 5 seconds, until the work is done", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: accepted, status: [accepted] })
      const { observe, seen } = makeObserver()
      const running = yield* Effect.forkChild(operator.perform(creating, observe))
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

  it.effect("follows the agent's settings, or those of the type", () =>
    Effect.gen(function* () {
      const settings = { ...defaultOperatorSettings, poll: { baseMillis: 100, factor: 2, capMillis: 300 } }
      const status = [accepted, accepted, accepted, done]
      const ofAgent = yield* makeScripted({ create: accepted, status }, settings)
      const ofType = yield* makeScripted(
        { create: accepted, status, poll: { baseMillis: 7, factor: 1, capMillis: 7 } },
        settings,
      )
      const running = yield* Effect.forkChild(
        Effect.all([ofAgent.operator.perform(creating, unobserved), ofType.operator.perform(creating, unobserved)], {
          concurrency: "unbounded",
        }),
      )
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(running)
      assert.deepEqual(between([0, ...ofAgent.timesOf("status")]), [100, 200, 300, 300])
      assert.deepEqual(between([0, ...ofType.timesOf("status")]), [7, 7, 7, 7])
    }),
  )

  it.effect("waits before the first poll for work of an earlier launch, too", () =>
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

  it.effect("continues where it was after a failed status, and its retries begin again", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({
        create: accepted,
        status: [accepted, refuse("Throttling"), accepted, refuse("Throttling"), done],
        poll: { baseMillis: 10, factor: 2, capMillis: 1_000 },
      })
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("1 minute")
      assert.deepInclude(yield* Fiber.join(running), { status: "Succeeded", attempts: 1 })
      const [first, second, firstRetry, third, secondRetry] = between([0, ...timesOf("status")])
      assert.deepEqual([first, second, third], [10, 20, 40])
      assertJittered([firstRetry!, secondRetry!], [500, 500])
    }),
  )
})

describe("retrying", () => {
  it.effect("repeats a call 9 times after recoverable failures, from 500 ms, doubled up to 30 seconds, jittered", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: refuse("Throttling", "slow down") })
      const { observe, seen } = makeObserver()
      const running = yield* Effect.forkChild(operator.perform(creating, observe))
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

  it.effect("gives up after 10 seconds where what an operation refers to is not found, and not sooner", () =>
    Effect.gen(function* () {
      const missing = yield* makeScripted({ create: refuse("NotFound", "there is no such policy") })
      let tries = 0
      const late = yield* makeScripted({ create: Effect.suspend(() => (++tries < 5 ? refuse("NotFound") : done)) })
      const work = yield* makeScripted({ create: accepted, status: [refuse("NotFound")] })
      const running = yield* Effect.forkChild(
        Effect.forEach([missing, late, work], ({ operator }) => operator.perform(creating, unobserved), {
          concurrency: 3,
        }),
      )
      yield* TestClock.adjust("1 hour")
      const [failed, seen, unknown] = yield* Fiber.join(running)
      assert.deepInclude(failed, {
        status: "Failed",
        failure: { code: "NotFound", message: "there is no such policy" },
      })
      assertJittered(between(missing.timesOf("create")), [500, 1000, 2000, 4000, 8000])
      assert.deepInclude(seen, { status: "Succeeded", attempts: 5 })
      // What the provider has accepted is not given up so soon.
      assert.deepInclude(unknown, { status: "Failed" })
      assert.lengthOf(work.timesOf("status"), 10)
    }),
  )

  it.effect("ends with the last failure", () =>
    Effect.gen(function* () {
      let failures = 0
      const { operator } = yield* makeScripted(
        { create: Effect.suspend(() => refuse("ServiceInternalError", `failure ${++failures}`)) },
        withRetries(2),
      )
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("1 hour")
      assert.deepInclude(yield* Fiber.join(running), {
        failure: { code: "ServiceInternalError", message: "failure 3" },
      })
    }),
  )

  it.effect("stops at a terminal failure, and does not begin if no retries are allowed", () =>
    Effect.gen(function* () {
      const terminal = yield* makeScripted({ create: refuse("InvalidRequest") })
      assert.deepInclude(yield* terminal.operator.perform(creating, unobserved), { status: "Failed", attempts: 1 })
      const once = yield* makeScripted({ create: refuse("Throttling") }, withRetries(0))
      assert.deepInclude(yield* once.operator.perform(creating, unobserved), { status: "Failed", attempts: 1 })
    }),
  )

  it.effect("repeats a list that hangs, after the time limit of any call", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ list: Effect.never }, withRetries(1))
      const running = yield* Effect.forkChild(Effect.flip(operator.list(list("Now"))))
      yield* TestClock.adjust("3 minutes")
      const error = yield* Fiber.join(running)
      assert.include(error.message, "the List handler of the plugin scripted did not answer within 60000 ms")
      assert.lengthOf(timesOf("list"), 2)
    }),
  )

  it.effect("repeats a list that fails", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ list: refuse("Throttling", "slow down") }, withRetries(2))
      const running = yield* Effect.forkChild(Effect.flip(operator.list(list("Now"))))
      yield* TestClock.adjust("1 hour")
      const error = yield* Fiber.join(running)
      assert.strictEqual(error._tag, "ListFailed")
      assert.strictEqual(error.message, "Throttling: slow down")
      assertJittered(between(timesOf("list")), [500, 1000])
    }),
  )
})

describe("a schedule of the host", () => {
  const everySecond = Schedule.spaced("1 second")

  it.effect("says when a failed call is made again, whatever the numbers say", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: refuse("Throttling") }, undefined, {
        retry: Schedule.upTo(everySecond, { times: 3 }),
      })
      yield* operator.configure(withRetries(9))
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("1 hour")
      assert.deepInclude(yield* Fiber.join(running), { status: "Failed", attempts: 4 })
      assert.deepEqual(between(timesOf("create")), [1000, 1000, 1000])
    }),
  )

  it.effect("sees each failure, and can end the retries", () =>
    Effect.gen(function* () {
      const seen: Array<Failure> = []
      const whileThrottled = everySecond.pipe(
        Schedule.setInputType<Failure>(),
        Schedule.while(({ input }) => {
          seen.push(input)
          return Effect.succeed(input.code === "Throttling")
        }),
      )
      let calls = 0
      const { operator } = yield* makeScripted(
        { create: Effect.suspend(() => refuse(++calls < 3 ? "Throttling" : "ServiceInternalError", `no ${calls}`)) },
        undefined,
        { retry: whileThrottled },
      )
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("1 hour")
      const last = { code: "ServiceInternalError", message: "no 3" } as const
      assert.deepEqual(yield* Fiber.join(running), { status: "Failed", attempts: 3, failure: last })
      assert.deepEqual(seen, [{ code: "Throttling", message: "no 1" }, { code: "Throttling", message: "no 2" }, last])
    }),
  )

  it.effect("sees the failures of a list, too", () =>
    Effect.gen(function* () {
      const seen: Array<Failure> = []
      const { operator } = yield* makeScripted({ list: refuse("Throttling", "slow down") }, undefined, {
        retry: Schedule.recurs(2).pipe(
          Schedule.setInputType<Failure>(),
          Schedule.tap(({ input }) => Effect.sync(() => void seen.push(input))),
        ),
      })
      yield* Effect.flip(operator.list(list("Now")))
      const failure = { code: "Throttling", message: "slow down" } as const
      assert.deepEqual(seen, [failure, failure])
    }),
  )

  it.effect.each([
    ["a terminal failure", "AccessDenied", "name"],
    ["an ambiguous failure of a create without idempotency", "ServiceTimeout", "none"],
  ] as const)("does not have a call repeated after %s", ([, code, idempotency]) =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: refuse(code), idempotency }, undefined, {
        retry: Schedule.forever,
      })
      assert.deepInclude(yield* operator.perform(creating, unobserved), { status: "Failed", attempts: 1 })
      assert.lengthOf(timesOf("create"), 1)
    }),
  )

  it.effect("says when accepted work is polled, also of a type with numbers of its own", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const { operator, timesOf } = yield* makeScripted(
        { create: accepted, status: [accepted, accepted, done], poll: { baseMillis: 7, factor: 1, capMillis: 7 } },
        undefined,
        {
          poll: everySecond.pipe(
            Schedule.setInputType<AcceptedWork>(),
            Schedule.tap(({ input }) => Effect.sync(() => void seen.push(input.requestId))),
          ),
        },
      )
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("1 minute")
      assert.deepInclude(yield* Fiber.join(running), { status: "Succeeded" })
      assert.deepEqual(timesOf("status"), [1000, 2000, 3000])
      assert.deepEqual(seen, ["r-1", "r-1", "r-1"])
    }),
  )

  it.effect("that ends while accepted work is polled leaves open what became of the work", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: accepted, status: [accepted] }, undefined, {
        poll: Schedule.upTo(everySecond, { times: 2 }),
      })
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("1 minute")
      assert.deepEqual(yield* Fiber.join(running), {
        status: "Failed",
        attempts: 1,
        failure: {
          code: "ServiceTimeout",
          message: "The provider accepted the work and had not finished it when polling ended",
        },
      })
      assert.deepEqual(timesOf("status"), [1000, 2000])
    }),
  )
})

describe("a mistake in a schedule of the host", () => {
  const broken = Schedule.spaced("1 second").pipe(
    Schedule.while((): boolean => {
      throw new TypeError("undefined is not a function")
    }),
  )
  const threw = (schedule: "retry" | "poll") => ({
    code: "UnforeseenError" as const,
    message: `Suite::Now::Thing: the ${schedule} schedule threw: undefined is not a function`,
  })

  it.effect("ends the operation that was to be retried, and counts no call that was not made", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: refuse("Throttling") }, undefined, { retry: broken })
      const ended = yield* operator.perform(creating, unobserved)
      assert.deepEqual(ended, { status: "Failed", attempts: 1, failure: threw("retry") })
      assert.lengthOf(timesOf("create"), 1)
    }),
  )

  it.effect("ends the operation whose work was to be polled, and keeps its native id", () =>
    Effect.gen(function* () {
      const create = Effect.succeed(inProgress({ requestId: "r-1", nativeId: "n-1" }))
      const { operator, timesOf } = yield* makeScripted({ create }, undefined, { poll: broken })
      const ended = yield* operator.perform(creating, unobserved)
      assert.deepEqual(ended, {
        status: "Failed",
        attempts: 1,
        failure: threw("poll"),
        nativeId: NativeId.make("n-1"),
      })
      assert.lengthOf(timesOf("status"), 0)
    }),
  )

  it.effect("fails a list", () =>
    Effect.gen(function* () {
      const { operator } = yield* makeScripted({ list: refuse("Throttling") }, undefined, { retry: broken })
      const error = yield* Effect.flip(operator.list(list("Now")))
      assert.deepInclude(error, { _tag: "ListFailed", failure: threw("retry") })
    }),
  )
})
