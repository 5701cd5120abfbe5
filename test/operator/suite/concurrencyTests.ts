import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { neverAnswered } from "../../fixtures/plugins/suite/Later.ts"
import { awaitSlow, awaitStarted, create, read, unobserved } from "../operations.ts"
import type { SuiteTest } from "./SuiteTest.ts"

/** Tests of operations that run at the same time, and are canceled one by one. */
export const concurrencyTests = (it: SuiteTest): void => {
  it("runs 64 operations at the same time", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const crowd = Array.from({ length: 64 }, () => create("Crowd", { Name: "crowd", Size: 64 }))
      const ends = yield* Effect.forEach(crowd, (one) => operator.perform(one, unobserved), {
        concurrency: "unbounded",
      })
      assert.deepEqual(
        ends.map((end) => (end.status === "Succeeded" ? `${end.nativeId}` : end.status)),
        crowd.map(({ operationId }) => `${operationId}`),
      )
    }))

  it("cancels the operation of an interrupted caller, in the plugin too, and no other", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const start = (Name: string) => Effect.forkChild(operator.perform(create("Slow", { Name }), unobserved))
      const cancelled = yield* start("cancelled")
      const kept = yield* start("kept")
      yield* Effect.all([awaitStarted(operator, "cancelled"), awaitStarted(operator, "kept")])
      yield* Fiber.interrupt(cancelled)
      yield* awaitSlow(operator, "cancelled", { Started: 1, Interrupted: 1 })
      assert.deepInclude(yield* operator.perform(read("Slow", "kept"), unobserved), {
        properties: { Started: 1, Interrupted: 0 },
      })
      assert.isUndefined(kept.pollUnsafe())
      yield* Fiber.interrupt(kept)
    }))

  it("cancels the operation of an interrupted caller while it is being polled", () =>
    Effect.gen(function* () {
      const operator = yield* PluginOperator
      const work = { Name: "watched", Polls: neverAnswered, StatusFails: [] }
      const watched = yield* Effect.forkChild(operator.perform(create("Later", work), unobserved))
      yield* awaitStarted(operator, "watched")
      yield* Fiber.interrupt(watched)
      yield* awaitSlow(operator, "watched", { Started: 1, Interrupted: 1 })
    }))
}
