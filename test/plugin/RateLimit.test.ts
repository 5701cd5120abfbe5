import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import * as Requests from "../../src/plugin/Requests.ts"
import type { RateLimit } from "../../src/protocol/RateLimit.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { create, list, unobserved } from "../operator/operations.ts"
import { accepted, creating, done, makeScripted, refuse, type Script } from "./scripted.ts"

const settingsWith = (rateLimit: RateLimit | undefined) => ({
  ...defaultOperatorSettings,
  retry: { maxRetries: 2, baseMillis: 1, capMillis: 1 },
  poll: { baseMillis: 1, factor: 1, capMillis: 1 },
  ...(rateLimit === undefined ? {} : { rateLimit }),
})

const once = { perSecond: 1, burst: 1 }

const makeLimited = (script: Script, rateLimit: RateLimit | undefined) => makeScripted(script, settingsWith(rateLimit))

const begin = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(effect, { startImmediately: true })
const inTarget = (targetConfig: { readonly [name: string]: string }) => ({ ...create("Now", {}), targetConfig })

describe("the rate limit of a plugin that counts no requests", () => {
  it.effect("lets each call of a handler wait for its turn: creates, retries, polls and lists", () =>
    Effect.gen(function* () {
      const status = [refuse("NetworkFailure"), accepted, done]
      const { calls, operator } = yield* makeLimited({ create: accepted, status, list: refuse("NetworkFailure") }, once)
      yield* begin(operator.perform(creating, unobserved))
      yield* TestClock.adjust("10 seconds")
      yield* begin(operator.list(list("Now")))
      yield* TestClock.adjust("10 seconds")
      assert.deepEqual(
        calls.map(({ call }) => call),
        ["create", "status", "status", "status", "list", "list", "list"],
      )
      // The bucket was full again before the list.
      assert.deepEqual(
        calls.map(({ at }) => Math.round(at / 1_000)),
        [0, 1, 2, 3, 10, 11, 12],
      )
    }),
  )

  it.effect("does not count the wait as the time of a call", () =>
    Effect.gen(function* () {
      const { calls, operator } = yield* makeLimited(
        { create: Effect.delay(done, "50 seconds") },
        { perSecond: 0.01, burst: 1 },
      )
      const all = yield* begin(
        Effect.all([operator.perform(create("Now", {}), unobserved), operator.perform(create("Now", {}), unobserved)], {
          concurrency: "unbounded",
        }),
      )
      yield* TestClock.adjust("150 seconds")
      const ended = yield* Fiber.join(all)
      assert.deepEqual(
        ended.map(({ attempts, status }) => [status, attempts]),
        [
          ["Succeeded", 1],
          ["Succeeded", 1],
        ],
      )
      assert.deepEqual(
        calls.map(({ at }) => at),
        [0, 100_000],
      )
    }),
  )

  it.effect("is one bucket for each place, with the rate of the first entry that fits the target", () =>
    Effect.gen(function* () {
      const { calls, operator } = yield* makeLimited(
        {},
        { ...once, targets: [{ where: { region: "fast" }, perSecond: 100, burst: 4 }] },
      )
      const both = [inTarget({ region: "slow" }), inTarget({ region: "fast" })]
      yield* Effect.forEach([...both, ...both], (operation) => begin(operator.perform(operation, unobserved)))
      assert.lengthOf(calls, 3)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(calls, 4)
    }),
  )

  it.effect("holds at once for operations under way, and without a burst after calls that it did not count", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeLimited({ create: accepted, status: [accepted] }, undefined)
      const running = yield* begin(operator.perform(creating, unobserved))
      yield* TestClock.adjust("100 millis")
      const before = timesOf("status").length
      assert.isAbove(before, 90)
      yield* operator.configure(settingsWith({ perSecond: 1, burst: 50 }))
      yield* TestClock.adjust("3 seconds")
      assert.lengthOf(timesOf("status"), before + 3)
      yield* operator.configure(settingsWith(undefined))
      yield* TestClock.adjust("100 millis")
      assert.isAbove(timesOf("status").length, before + 90)
      yield* Fiber.interrupt(running)
    }),
  )

  it.effect("says in the log that requests wait, and how many, not more often than every ten seconds", () =>
    Effect.gen(function* () {
      const { operator } = yield* makeLimited({}, once)
      const logged: Array<string> = []
      const logger = Logger.make<unknown, void>(({ message }) => void logged.push(`${message}`))
      const many = Effect.forEach(Array.from({ length: 14 }), () => operator.perform(create("Now", {}), unobserved), {
        concurrency: "unbounded",
      })
      yield* begin(Effect.provide(many, Logger.layer([logger])))
      yield* TestClock.adjust("20 seconds")
      assert.deepEqual(logged, [
        'Waited 1s for the rate limit of 1 per second at [["region","eu-west-1"]]; 12 more wait',
        'Waited 11s for the rate limit of 1 per second at [["region","eu-west-1"]]; 2 more wait',
      ])
    }),
  )
})

describe("an operation that is stopped while it waits for the rate limit", () => {
  it.effect("ends without having been sent", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeLimited({}, once)
      yield* begin(operator.perform(create("Now", {}), unobserved))
      const reported: Array<string> = []
      const waits = yield* begin(
        operator.perform(creating, ({ status }) => Effect.sync(() => void reported.push(status))),
      )
      yield* operator.stopRetrying(creating.operationId)
      const ended = yield* Fiber.join(waits)
      assert.deepInclude(ended, {
        status: "Failed",
        attempts: 0,
        failure: { code: "Throttling", message: "Stopped while it waited for the rate limit: nothing was sent" },
      })
      assert.deepEqual(reported, [], "no next try is announced")
      yield* begin(operator.perform(create("Now", {}), unobserved))
      yield* TestClock.adjust("1 minute")
      assert.deepEqual(timesOf("create"), [0, 1_000], "the provider has throttled nothing")
    }),
  )

  it.effect("ends with its last failure, if it waits for another try", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeLimited({ create: refuse("NetworkFailure") }, once)
      const waits = yield* begin(operator.perform(creating, unobserved))
      yield* TestClock.adjust("500 millis")
      yield* operator.stopRetrying(creating.operationId)
      const ended = yield* Fiber.join(waits)
      assert.deepInclude(ended, { status: "Failed", attempts: 1 })
      assert.strictEqual(ended.status === "Failed" ? ended.failure.code : ended.status, "NetworkFailure")
      assert.lengthOf(timesOf("create"), 1)
    }),
  )
})

describe("accepted work", () => {
  it.effect("is polled in its turn to its end after it was asked to stop retrying", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeLimited({ create: accepted, status: [accepted, done] }, once)
      const running = yield* begin(operator.perform(creating, unobserved))
      yield* operator.stopRetrying(creating.operationId)
      yield* TestClock.adjust("10 seconds")
      assert.deepInclude(yield* Fiber.join(running), { status: "Succeeded" })
      assert.lengthOf(timesOf("status"), 2)
    }),
  )
})

describe("the rate limit of a plugin that limits its requests", () => {
  /** A create that sends these requests, each of which records when it is made. */
  const makeSending = (requests: ReadonlyArray<Effect.Effect<void>>) => {
    const sent: Array<number> = []
    const record = Effect.map(Clock.currentTimeMillis, (at) => void sent.push(at))
    const call = Effect.forEach(requests, (request) => Requests.limited(Effect.andThen(record, request)))
    return { sent, script: { limitsRequests: true, create: Effect.andThen(call, done) } satisfies Script }
  }

  it.effect("counts each request, and not the call", () =>
    Effect.gen(function* () {
      const { script, sent } = makeSending([Effect.void, Effect.void, Effect.void])
      const { operator, timesOf } = yield* makeLimited(script, { perSecond: 1, burst: 2 })
      yield* begin(operator.perform(creating, unobserved))
      yield* TestClock.adjust("10 seconds")
      assert.deepEqual([timesOf("create"), sent], [[0], [0, 0, 1_000]])
    }),
  )

  it.effect("does not count the waits between requests as the time of the call, and the requests do", () =>
    Effect.gen(function* () {
      const slow = Effect.sleep("29 seconds")
      const { script } = makeSending([slow, slow, Effect.void])
      const { operator } = yield* makeLimited(script, { perSecond: 0.01, burst: 1 })
      const within = yield* begin(operator.perform(create("Now", {}), unobserved))
      yield* TestClock.adjust("5 minutes")
      assert.deepInclude(yield* Fiber.join(within), { status: "Succeeded", attempts: 1 })

      const tooSlow = makeSending([slow, slow, slow])
      const other = yield* makeLimited({ ...tooSlow.script, idempotency: "none" }, { perSecond: 0.01, burst: 1 })
      const late = yield* begin(other.operator.perform(create("Now", {}), unobserved))
      yield* TestClock.adjust("5 minutes")
      const ended = yield* Fiber.join(late)
      assert.strictEqual(ended.status === "Failed" ? ended.failure.code : ended.status, "ServiceTimeout")
    }),
  )

  it.effect("ends an operation between its requests only when it has ended by itself", () =>
    Effect.gen(function* () {
      const { script, sent } = makeSending([Effect.void, Effect.void])
      const { operator } = yield* makeLimited(script, once)
      const running = yield* begin(operator.perform(creating, unobserved))
      yield* operator.stopRetrying(creating.operationId)
      yield* TestClock.adjust("10 seconds")
      assert.deepInclude(yield* Fiber.join(running), { status: "Succeeded" })
      assert.deepEqual(sent, [0, 1_000])
    }),
  )

  it.effect("slows down for a while after a request that the provider has throttled", () =>
    Effect.gen(function* () {
      const { script, sent } = makeSending([Effect.void])
      const throttled = { ...script, create: Effect.andThen(script.create, refuse("Throttling")) }
      const { operator } = yield* makeLimited(throttled, { perSecond: 1, burst: 1 })
      yield* begin(operator.perform(creating, unobserved))
      yield* TestClock.adjust("1 minute")
      // Half as fast, then a quarter.
      assert.deepEqual(
        sent.map((at) => Math.round(at / 1_000)),
        [0, 2, 6],
      )
    }),
  )

  it.effect("does nothing where there is no limit", () =>
    Effect.gen(function* () {
      const { script, sent } = makeSending([Effect.void, Effect.void])
      const { operator } = yield* makeLimited(script, undefined)
      assert.deepInclude(yield* operator.perform(creating, unobserved), { status: "Succeeded" })
      assert.deepEqual(sent, [0, 0])
    }),
  )
})
