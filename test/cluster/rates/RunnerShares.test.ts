/** Runners that share the rate limit of one provider: how many requests reach it, as they come and go. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { fastTimes } from "../../../src/cluster/RunnerTimes.ts"
import { elapse } from "../../agent/supervision/supervised.ts"
import { perSecond, setUp } from "./sharingRunners.ts"

/** In any time no more than the limit allows: each runner may make one at once, after a rest. */
const assertKept = (requests: ReadonlyArray<{ readonly at: number }>, runners: number) => {
  for (const [from, first] of requests.entries()) {
    for (const [more, last] of requests.slice(from, from + 5 * perSecond).entries()) {
      assert.isAtMost(
        more + 1,
        runners + (perSecond * (last.at - first.at)) / 1_000 + 1e-6,
        `from ${first.at} to ${last.at}`,
      )
    }
  }
}

describe("a rate limit that runners share", () => {
  it.effect("is divided among those that are there, and never more than it in between", () =>
    Effect.gen(function* () {
      const { inTenSeconds, join, partsNow, requests } = yield* setUp
      yield* join("one")
      assert.deepEqual(yield* inTenSeconds("one"), [100])
      const two = yield* join("two")
      yield* inTenSeconds()
      assert.deepEqual(yield* partsNow, [
        ["one", 1 / 2],
        ["two", 1 / 2],
      ])
      assert.deepEqual(yield* inTenSeconds("one", "two"), [50, 50])
      yield* two.leave
      yield* inTenSeconds()
      assert.deepEqual(yield* inTenSeconds("one"), [100])
      const three = yield* join("three")
      yield* inTenSeconds()
      yield* three.kill
      assert.deepEqual(yield* partsNow, [
        ["one", 1 / 2],
        ["three", 1 / 2],
      ])
      yield* inTenSeconds()
      assert.deepEqual(yield* inTenSeconds("one"), [100])
      assertKept(requests, 2)
    }),
  )

  it.effect("gives a runner that joins nothing before another one has given something up", () =>
    Effect.gen(function* () {
      const { join, partsNow, requests } = yield* setUp
      yield* join("one")
      yield* elapse("100 millis")
      yield* join("two")
      yield* elapse("500 millis")
      assert.deepEqual(yield* partsNow, [
        ["one", 1],
        ["two", 0],
      ])
      assert.isFalse(requests.some(({ by }) => by === "two"))
    }),
  )

  it.effect("is not used by what an answer says that comes after a later one", () =>
    Effect.gen(function* () {
      const { join, partsNow } = yield* setUp
      const one = yield* join("one")
      const [answer, taken] = [Deferred.makeUnsafe<void>(), Deferred.makeUnsafe<boolean>()]
      yield* one.follow(Deferred.await(taken))
      const two = yield* join("two")
      yield* elapse("2 seconds")
      assert.strictEqual(one.part(), 1 / 2)
      yield* two.leave
      one.answerAfter(Deferred.await(answer))
      yield* elapse("1 second")
      yield* Deferred.succeed(taken, true)
      yield* elapse("100 millis")
      yield* Deferred.succeed(answer, undefined)
      yield* elapse("100 millis")
      assert.deepEqual(yield* partsNow, [["one", one.part()]])
    }),
  )

  it.effect("goes on while one plugin does not take its share, and where the launch of one ends meanwhile", () =>
    Effect.gen(function* () {
      const { join, requests } = yield* setUp
      const one = yield* join("one")
      const two = yield* join("two")
      yield* elapse("5 seconds")
      for (const answer of [Effect.interrupt, Effect.never]) {
        const three = yield* join("three")
        yield* elapse("3 seconds")
        const hung = yield* Scope.fork(yield* Effect.scope)
        yield* Scope.provide(one.follow(answer), hung)
        yield* three.leave
        yield* elapse(fastTimes.expirationMillis * 3)
        yield* one.lease.renewBy(fastTimes.expirationMillis, Effect.void)
        assert.isDefined(one.lease.lease.current())
        yield* Scope.close(hung, Exit.void)
        yield* elapse(fastTimes.expirationMillis)
      }
      yield* two.leave
      assertKept(requests, 3)
    }),
  )

  it.effect("ends the lease of a runner whose share is not renewed", () =>
    Effect.gen(function* () {
      const { join } = yield* setUp
      const { kill, lease } = yield* join("one")
      const renewed = lease.renewBy(fastTimes.expirationMillis, Effect.void)
      yield* renewed
      yield* kill
      const spareMillis = fastTimes.expirationMillis / 2
      yield* elapse(spareMillis - 1)
      yield* renewed
      yield* elapse(1)
      yield* renewed
      // What it used is free when this is over, and not earlier.
      const remaining = Effect.map(lease.lease.remaining, Duration.toMillis)
      assert.strictEqual(yield* remaining, fastTimes.expirationMillis - 1)
    }),
  )
})
