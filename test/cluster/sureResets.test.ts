/** Messages that a runner takes over while its database is away. */
import { assert, describe, it } from "@effect/vitest"
import { PersistenceError } from "effect/cluster/ClusterError"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as ShardId from "effect/cluster/ShardId"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { sureResets } from "../../src/cluster/sureResets.ts"

const shards = [ShardId.make("Notes", 1), ShardId.make("Notes", 2)]

describe("the messages of a shard that is taken over", () => {
  it.effect("are given back once the database is there, where it was away or did not answer in time", () =>
    Effect.gen(function* () {
      let tries = 0
      const given: Array<string> = []
      const resetShards: typeof MessageStorage.noop.resetShards = (which) =>
        Effect.suspend(() => {
          tries += 1
          if (tries === 1) return Effect.fail(new PersistenceError({ cause: "away" }))
          if (tries === 3) return Effect.never
          given.push(...[...which].map(String))
          return Effect.void
        })
      const storage = yield* sureResets({ ...MessageStorage.noop, resetShards })
      assert.isTrue(Exit.isFailure(yield* Effect.exit(storage.resetShards(shards))))
      yield* TestClock.adjust("2 seconds")
      assert.deepEqual(given.splice(0), ["Notes:1", "Notes:2"])

      const late = yield* Effect.forkChild(Effect.timeoutOption(storage.resetShards(shards.slice(1)), "1 second"))
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("1 second")
      assert.deepEqual(given.splice(0), ["Notes:2"])
      assert.strictEqual(late.pollUnsafe()?._tag, "Success")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(tries, 4)
    }),
  )

  it.effect("are nobody's business any more once the runner is gone", () =>
    Effect.gen(function* () {
      let tries = 0
      const failing = Effect.suspend(() => {
        tries += 1
        return Effect.fail(new PersistenceError({ cause: "away" }))
      })
      const scope = yield* Scope.make()
      const storage = yield* Scope.provide(sureResets({ ...MessageStorage.noop, resetShards: () => failing }), scope)
      yield* Effect.exit(storage.resetShards(shards))
      yield* Scope.close(scope, Exit.void)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(tries, 1)
    }),
  )
})
