/** For how long a runner may act: never longer than nobody else can have what it has. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as Runner from "effect/cluster/Runner"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as ShardId from "effect/cluster/ShardId"
import { makeLease } from "../../src/agent/launch/Lease.ts"
import { leasedStorage } from "../../src/cluster/leasedStorage.ts"
import { makeTestLeases } from "./TestLeases.ts"
import { makeLink } from "./TestNetwork.ts"

const expirationMillis = 12_000
const [one, two] = [RunnerAddress.make("one", 1), RunnerAddress.make("two", 1)]
const shards = [ShardId.make("A", 1), ShardId.make("A", 2)]

const setUp = Effect.gen(function* () {
  const link = makeLink()
  const lease = yield* makeLease
  const leases = makeTestLeases(expirationMillis)
  const storage = leases.storage(link)
  let answers: Effect.Effect<void> = Effect.void
  const refresh: typeof storage.refresh = (...asked) => Effect.tap(storage.refresh(...asked), () => answers)
  const mine = leasedStorage({ ...storage, refresh }, lease, expirationMillis)
  const others = leases.storage(makeLink())
  yield* mine.register(new Runner.Runner({ address: one, groups: ["A"], weight: 1 }), true)
  /** Holds the answer of the next refresh back. Gives what lets it come. */
  const late = Effect.map(Deferred.make<void>(), (come) => {
    answers = Deferred.await(come)
    return Effect.andThen(
      Effect.sync(() => (answers = Effect.void)),
      Deferred.succeed(come, undefined),
    )
  })
  return { late, lease, link, mine, others, remaining: Effect.map(lease.lease.remaining, Duration.toMillis) }
})

describe("the lease of a runner", () => {
  it.effect("is over before anybody else can have a shard of it", () =>
    Effect.gen(function* () {
      const { link, mine, others, remaining } = yield* setUp
      assert.strictEqual(yield* remaining, 0)
      yield* mine.refresh(one, [])
      assert.lengthOf(yield* mine.acquire(one, shards), 2)
      yield* TestClock.adjust("3 seconds")
      yield* mine.refresh(one, shards)
      assert.strictEqual(yield* remaining, expirationMillis)
      yield* link.cut
      yield* TestClock.adjust(expirationMillis - 1)
      assert.strictEqual((yield* Effect.exit(mine.refresh(one, shards)))._tag, "Failure")
      assert.deepEqual([yield* remaining, (yield* others.acquire(two, shards)).length], [1, 0])
      yield* TestClock.adjust(1)
      assert.deepEqual([yield* remaining, (yield* others.acquire(two, shards)).length], [0, 2])
    }),
  )

  it.effect("is not renewed by a look at one of its shards, and ends where the others stand", () =>
    Effect.gen(function* () {
      const { mine, remaining } = yield* setUp
      yield* mine.acquire(one, shards)
      yield* mine.refresh(one, shards)
      yield* TestClock.adjust("5 seconds")
      yield* mine.refresh(one, shards.slice(1))
      assert.strictEqual(yield* remaining, expirationMillis - 5_000)
      yield* mine.release(one, ShardId.make("A", 1))
      yield* mine.refresh(one, shards.slice(1))
      assert.strictEqual(yield* remaining, expirationMillis)
    }),
  )

  it.effect(
    "is renewed while more shards are acquired again and again, and counts from the first of them that is free",
    () =>
      Effect.gen(function* () {
        const { link, mine, others, remaining } = yield* setUp
        yield* mine.refresh(one, [])
        const asked: Array<ShardId.ShardId> = []
        for (const number of [1, 2, 3, 4, 5, 6]) {
          yield* TestClock.adjust("2 seconds")
          yield* mine.acquire(one, [ShardId.make("A", number)])
          yield* TestClock.adjust("1 second")
          // The engine does not know the last one yet.
          yield* mine.refresh(one, asked)
          asked.push(ShardId.make("A", number))
          assert.strictEqual(yield* remaining, expirationMillis - 1_000)
        }
        yield* link.pause
        const acquiring = yield* Effect.forkChild(mine.acquire(one, [ShardId.make("A", 7)]), { startImmediately: true })
        yield* TestClock.adjust("5 seconds")
        const renewing = yield* Effect.forkChild(mine.refresh(one, asked), { startImmediately: true })
        yield* link.restore
        yield* Effect.yieldNow.pipe(Effect.repeat({ until: () => renewing.pollUnsafe() !== undefined }))
        assert.isDefined(acquiring.pollUnsafe())
        const left = yield* remaining
        yield* TestClock.adjust(left - 1)
        assert.lengthOf(yield* others.acquire(two, [ShardId.make("A", 7)]), 0)
        assert.strictEqual(left, expirationMillis - 5_000)
      }),
  )

  it.effect("does not wait for a shard whose release was answered before a refresh that was sent earlier", () =>
    Effect.gen(function* () {
      const { late, mine, remaining } = yield* setUp
      yield* mine.acquire(one, shards)
      const answer = yield* late
      const refreshing = yield* Effect.forkChild(mine.refresh(one, shards), { startImmediately: true })
      yield* mine.release(one, ShardId.make("A", 1))
      yield* answer
      yield* Fiber.join(refreshing)
      yield* TestClock.adjust(expirationMillis)
      yield* mine.refresh(one, shards.slice(1))
      assert.strictEqual(yield* remaining, expirationMillis)
    }),
  )

  it.effect("counts from before its renewal was sent", () =>
    Effect.gen(function* () {
      const { link, mine, remaining } = yield* setUp
      yield* link.pause
      const renewing = yield* Effect.forkChild(mine.refresh(one, []), { startImmediately: true })
      yield* TestClock.adjust("4 seconds")
      yield* link.restore
      yield* Effect.yieldNow.pipe(Effect.repeat({ until: () => renewing.pollUnsafe() !== undefined }))
      assert.strictEqual(yield* remaining, expirationMillis - 4_000)
    }),
  )
})
