import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { create, unobserved } from "../../operator/operations.ts"
import { overMemory } from "../../operator/overMemory.ts"
import { accepted, makeScripted } from "../../plugin/scripted.ts"

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
})
