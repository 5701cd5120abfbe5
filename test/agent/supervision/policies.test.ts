import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { restartSchedule } from "../../../src/agent/supervision/policies.ts"

describe("the restart policy", () => {
  it.effect("is at once, then doubled from 200 ms, jittered, and five in all", () =>
    Effect.gen(function* () {
      const next = yield* Schedule.toStep(restartSchedule)
      const delays: Array<number> = []
      for (let restarts = 0; restarts < 5; restarts++) {
        const [, delay] = yield* next(0, undefined)
        delays.push(Duration.toMillis(delay))
      }
      assert.isTrue(Cause.isDone(yield* Effect.flip(next(0, undefined))))
      assert.strictEqual(delays[0], 0)
      for (const [index, expected] of [200, 400, 800, 1600].entries()) {
        const delay = delays[index + 1]!
        assert.isAtLeast(delay, 0.8 * expected)
        assert.isAtMost(delay, 1.2 * expected)
        assert.notStrictEqual(delay, expected)
      }
    }),
  )
})
