import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { create, makeObserver, unobserved } from "../operator/operations.ts"
import { accepted, creating, makeScripted, refuse, withRetries } from "./scripted.ts"

describe("a call of the provider", () => {
  it.effect("that does not answer within 60 seconds is a ServiceTimeout, and is repeated", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const hangs = Effect.onInterrupt(Effect.never, () => Effect.sync(() => void interrupted++))
      const { operator, timesOf } = yield* makeScripted({ create: hangs })
      const { observe, seen } = makeObserver()
      const running = yield* Effect.forkChild(operator.perform(creating, observe))
      yield* TestClock.adjust("59999 millis")
      assert.deepEqual([seen.length, interrupted], [0, 0])
      yield* TestClock.adjust("1 millis")
      assert.deepEqual(seen, [
        {
          status: "InProgress",
          attempts: 1,
          failure: {
            code: "ServiceTimeout",
            message: "Suite::Now::Thing: the Create handler of the plugin scripted did not answer within 60000 ms",
          },
        },
      ])
      assert.strictEqual(interrupted, 1)
      yield* TestClock.adjust("1 second")
      assert.lengthOf(timesOf("create"), 2)
      yield* Fiber.interrupt(running)
    }),
  )

  it.effect("is not repeated after that for a create without idempotency", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: Effect.never, idempotency: "none" })
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
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
  ] as const)("that %s is an UnforeseenError, and is not repeated", ([, broken]) =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: broken })
      const logged: Array<string> = []
      const logger = Logger.make<unknown, void>(({ logLevel, message }) => void logged.push(`${logLevel} ${message}`))
      const ended = yield* Effect.provide(operator.perform(creating, unobserved), Logger.layer([logger]))
      assert.deepInclude(ended, { status: "Failed", attempts: 1 })
      const failure = ended.status === "Failed" ? ended.failure : undefined
      assert.strictEqual(failure?.code, "UnforeseenError")
      assert.match(
        failure?.message ?? "",
        /^Suite::Now::Thing: the Create handler threw: undefined is not a function \(at .*OperatorDriver\.test\.ts[^:]*:\d+:\d+\)?\)$/,
      )
      assert.lengthOf(logged, 1)
      assert.match(logged[0] ?? "", /^Warn Suite::Now::Thing: the Create handler threw\nTypeError: .*\n +at .*\n +at /)
      assert.lengthOf(timesOf("create"), 1)
    }),
  )

  it.effect("is interrupted with its caller", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const hangs = Effect.onInterrupt(Effect.never, () => Effect.sync(() => void interrupted++))
      const { operator } = yield* makeScripted({ create: accepted, status: [hangs] })
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("250 millis")
      yield* Fiber.interrupt(running)
      assert.strictEqual(interrupted, 1)
    }),
  )
})

describe("an operation", () => {
  it.effect("keeps its settings when they change for later ones", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: refuse("Throttling") })
      const before = yield* Effect.forkChild(operator.perform(creating, unobserved), { startImmediately: true })
      yield* operator.configure(withRetries(1))
      const after = yield* Effect.forkChild(operator.perform(create("Now", {}), unobserved))
      yield* TestClock.adjust("1 hour")
      assert.deepInclude(yield* Fiber.join(before), { attempts: 10 })
      assert.deepInclude(yield* Fiber.join(after), { attempts: 2 })
      assert.lengthOf(timesOf("create"), 12)
    }),
  )

  it.effect("continues when its observer is done", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: accepted })
      const running = yield* Effect.forkChild(operator.perform(creating, () => Effect.sleep("1 minute")))
      yield* TestClock.adjust("1 minute")
      assert.deepEqual(timesOf("status"), [])
      yield* TestClock.adjust("250 millis")
      assert.deepEqual(timesOf("status"), [60_250])
      yield* Fiber.join(running)
    }),
  )
})
