import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { exitsAtOnce } from "../../../src/testing/index.ts"
import { entryOf, makeSupervised, tagsOf, untilIdle } from "./supervised.ts"

describe("a plugin that is started with the coordinator", () => {
  it.effect("has a process once the coordinator is there, and those who want it share that one", () =>
    Effect.gen(function* () {
      const { coordinator, eventsSoFar, operator, spawns } = yield* makeSupervised({
        entries: [entryOf("suite", "Suite"), entryOf("other", "Other")],
        startWith: ["suite", "SUITE", "nobody"],
      })
      // Nothing else had to run for it.
      assert.strictEqual(yield* Queue.size(spawns), 1)
      yield* Effect.all([operator(), coordinator.capabilities("Suite"), operator()], { concurrency: "unbounded" })
      yield* operator()
      assert.strictEqual(yield* Queue.size(spawns), 1)
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Ready"])
      // The other one is started for who wants it.
      yield* Effect.exit(operator("Other"))
      assert.strictEqual(yield* Queue.size(spawns), 2)
    }),
  )

  it.effect("fails the first who wants it as its start has failed, and is not started again for that one", () =>
    Effect.gen(function* () {
      const { operator, spawns } = yield* makeSupervised({
        programOf: () => exitsAtOnce(7, "loading"),
        startWith: ["Suite"],
      })
      // It has failed before anybody asks.
      yield* untilIdle
      assert.deepInclude(yield* Effect.flip(operator()), { _tag: "PluginStartFailed", generation: 1 })
      assert.strictEqual(yield* Queue.size(spawns), 1)
      assert.deepInclude(yield* Effect.flip(operator()), { _tag: "PluginStartFailed", generation: 2 })
    }),
  )
})
