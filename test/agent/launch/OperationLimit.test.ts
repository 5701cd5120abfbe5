import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { create, unobserved } from "../../operator/operations.ts"
import { overMemory } from "../../operator/overMemory.ts"
import { allSides } from "../../transport/echo.ts"
import { accepted, done, makeScripted } from "../../plugin/scripted.ts"

describe("an operation whose work never ends", () => {
  it.effect("is given up after an hour, and says in which plugin it was", () =>
    Effect.gen(function* () {
      const { plugin, timesOf } = yield* makeScripted({ create: accepted, status: [accepted] })
      const { operator } = yield* overMemory(plugin)
      const running = yield* Effect.forkChild(operator.perform(create("Now", {}), unobserved))
      yield* Effect.repeat(TestClock.adjust("1 minute"), { until: () => running.pollUnsafe() !== undefined })
      const error = yield* Effect.flip(Fiber.join(running))
      assert.deepInclude(error, {
        _tag: "OperationTimedOut",
        message: "Create did not end within 1h in the plugin scripted",
      })
      assert.isAbove(timesOf("status").length, 600)
    }),
  )

  it.effect("is given up after the same hour, whatever part of it has passed before it was watched", () =>
    Effect.gen(function* () {
      const { plugin } = yield* makeScripted({ create: accepted, status: [accepted] })
      const { operator } = yield* overMemory(plugin)
      const running = yield* Effect.forkChild(operator.perform(create("Now", {}), () => Effect.sleep("30 minutes")))
      yield* Effect.repeat(TestClock.adjust("1 minute"), { until: () => running.pollUnsafe() !== undefined })
      assert.strictEqual((yield* Effect.flip(Fiber.join(running)))._tag, "OperationTimedOut")
      assert.strictEqual(yield* Clock.currentTimeMillis, 60 * 60_000)
    }),
  )
})

describe.each(allSides)(
  "an operation that was accepted, with a client that is $client and a server that is $server",
  (sides) => {
    it.effect("is canceled when its caller is interrupted before it watches", () =>
      Effect.gen(function* () {
        const { plugin, timesOf } = yield* makeScripted({ create: accepted, status: [done] })
        const { client, operator } = yield* overMemory(plugin, 64, sides)
        const observing = yield* Deferred.make<void>()
        const operation = create("Now", {})
        const running = yield* Effect.forkChild(
          operator.perform(operation, () => Effect.andThen(Deferred.succeed(observing, undefined), Effect.never)),
        )
        yield* Deferred.await(observing)
        yield* Fiber.interrupt(running)
        const { operationId } = operation
        const late = yield* Effect.flip(Stream.runDrain(client.Watch({ operationId })))
        assert.include(late.message, `There is no operation ${operationId} to watch`)
        assert.deepEqual(timesOf("status"), [])
        // It is not under way any more either.
        const again = yield* Effect.forkChild(operator.perform(operation, unobserved))
        yield* Effect.repeat(TestClock.adjust("1 second"), { until: () => again.pollUnsafe() !== undefined })
        assert.strictEqual((yield* Fiber.join(again)).status, "Succeeded")
        assert.lengthOf(timesOf("create"), 2)
      }),
    )
  },
)
