import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { ProviderError, withNativeId } from "../../src/plugin/Answer.ts"
import { retryAfterIn } from "../../src/plugin/RetryAfter.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { makeObserver, list, unobserved } from "../operator/operations.ts"
import { accepted, creating, done, makeScripted } from "./scripted.ts"

const busy = (retryAfterMillis: number) => Effect.fail(ProviderError.of("Throttling", "busy").after(retryAfterMillis))

describe("the wait that a response asks for", () => {
  const date = "Fri, 27 Nov 2026 10:00:00 GMT"
  it.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": " 0.5 " }, 500],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "7", "x-ms-retry-after-ms": "1250.2" }, 1_251],
    [{ "retry-after": "7", "retry-after-ms": "40" }, 40],
    [{ "x-amz-retry-after": "300" }, 300],
    [{ "retry-after": "Fri, 27 Nov 2026 10:01:30 GMT", date }, 90_000],
    [{ "retry-after": "Fri, 27 Nov 2026 09:00:00 GMT", date }, 0],
    [{ "retry-after": "Fri, 27 Nov 2026 10:01:30 GMT" }, undefined],
    [{ "retry-after": "soon", date }, undefined],
    [{ "retry-after": "-1" }, undefined],
    [{ "retry-after": "1e400" }, undefined],
    [{ date }, undefined],
    [{}, undefined],
  ] as ReadonlyArray<readonly [Readonly<Record<string, string>>, number | undefined]>)("%j is %s ms", (headers, wait) =>
    assert.strictEqual(
      retryAfterIn((name) => headers[name]),
      wait,
    ),
  )
})

describe("a provider that asks to wait", () => {
  it.effect("is asked again after that time and not earlier, if the policy is shorter", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: busy(20_000), list: busy(20_000) })
      const { observe, seen } = makeObserver()
      const creates = yield* Effect.forkChild(operator.perform(creating, observe))
      const lists = yield* Effect.forkChild(operator.list(list("Now")), { startImmediately: true })
      yield* TestClock.adjust("65 seconds")
      assert.deepEqual(timesOf("create"), [0, 20_000, 40_000, 60_000])
      assert.deepEqual(timesOf("list"), [0, 20_000, 40_000, 60_000])
      assert.deepInclude(seen[0], {
        failure: { code: "Throttling", message: "busy", retryAfterMillis: 20_000 },
      })
      yield* Fiber.interruptAll([creates, lists])
    }),
  )

  it.effect("is asked again after the delay of the policy, if that is longer", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: busy(10) }, undefined, {
        retry: Schedule.spaced("1 minute"),
      })
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("1 minute")
      assert.deepEqual(timesOf("create"), [0, 60_000])
      yield* Fiber.interrupt(running)
    }),
  )

  it.effect("is asked again after five minutes, if it asks for more", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: busy(3_600_000) })
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("6 minutes")
      assert.deepEqual(timesOf("create"), [0, 300_000])
      yield* Fiber.interrupt(running)
    }),
  )

  it.effect("is not waited for by what it did not refuse: accepted work is polled as before", () =>
    Effect.gen(function* () {
      const { operator, timesOf } = yield* makeScripted({ create: accepted, status: [busy(20_000), accepted, done] })
      const running = yield* Effect.forkChild(operator.perform(creating, unobserved))
      yield* TestClock.adjust("30 seconds")
      const [first, second, third] = timesOf("status")
      assert.deepEqual([first, second], [250, 20_250])
      assert.approximately(third ?? 0, 20_625, 1)
      yield* Fiber.join(running)
    }),
  )

  it("may have made the resource in part: the failure keeps both", () => {
    const error = withNativeId("n-1")(ProviderError.of("Throttling", "busy").after(7))
    assert.deepEqual(
      [error.code, error.message, error.nativeId, error.retryAfterMillis],
      ["Throttling", "busy", NativeId.make("n-1"), 7],
    )
    assert.strictEqual(ProviderError.of("Throttling", "busy").after(undefined).retryAfterMillis, undefined)
    const waitOf = (millis: number) => ProviderError.of("Throttling", "busy").after(millis).retryAfterMillis
    assert.deepEqual([0, 1.5, -1, Number.NaN, Infinity].map(waitOf), [0, 2, undefined, undefined, undefined])
  })
})
