/** Launches that do not take the share that they are told: they are told again, and nobody else has what they may still use. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { fastTimes } from "../../../src/cluster/RunnerTimes.ts"
import { elapse } from "../../agent/supervision/supervised.ts"
import { setUp } from "./sharingRunners.ts"

const { expirationMillis, lookMillis } = fastTimes

/** A launch that counts how often it was told, and takes it once it is let. */
const stubborn = (refusal: Effect.Effect<boolean>) => {
  const launch = { told: 0, takes: false }
  const answer = Effect.suspend(() => {
    launch.told += 1
    return launch.takes ? Effect.succeed(true) : refusal
  })
  return { launch, answer }
}

const refusals = [
  ["refuses", Effect.succeed(false)],
  ["fails to take", Effect.interrupt],
] as const

describe("a launch that does not take its share", () => {
  it.effect.each(refusals)(
    "is told again, and its runner has no lease where another one may have the rest: %s",
    ([, refusal]) =>
      Effect.gen(function* () {
        const { join, partsNow } = yield* setUp
        const one = yield* join("one")
        const { answer, launch } = stubborn(refusal)
        yield* one.follow(answer)
        const come = Deferred.makeUnsafe<void>()
        one.answerAfter(Deferred.await(come))
        yield* elapse(expirationMillis)
        yield* join("two")
        yield* elapse(expirationMillis)
        assert.deepEqual(yield* partsNow, [["two", 1]])
        yield* Deferred.succeed(come, undefined)
        yield* elapse(expirationMillis)
        const renewed = one.lease.renewBy(expirationMillis, Effect.void)
        yield* renewed
        assert.isUndefined(one.lease.lease.current())
        const told = launch.told
        yield* elapse(lookMillis * 4)
        assert.isAbove(launch.told, told + 2)
        launch.takes = true
        yield* elapse(lookMillis * 4)
        yield* renewed
        assert.isDefined(one.lease.lease.current())
      }),
  )

  it.effect("is told again where it may use more", () =>
    Effect.gen(function* () {
      const { join } = yield* setUp
      const one = yield* join("one")
      const two = yield* join("two")
      yield* elapse(expirationMillis)
      const { answer, launch } = stubborn(Effect.succeed(false))
      yield* one.follow(answer)
      yield* two.leave
      yield* elapse(expirationMillis)
      assert.isAbove(launch.told, 2)
      launch.takes = true
      yield* elapse(expirationMillis)
      const told = launch.told
      yield* elapse(expirationMillis)
      assert.strictEqual(launch.told, told)
    }),
  )
})
