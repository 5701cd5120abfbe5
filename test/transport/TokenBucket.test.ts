import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import {
  bucketOf,
  refilled,
  slowedDown,
  slowestPace,
  slowingMillis,
  takeToken,
} from "../../src/transport/TokenBucket.ts"

const between = (minimum: number, maximum: number) => Schema.Finite.check(Schema.isBetween({ minimum, maximum }))
const rates = Schema.Struct({
  perSecond: between(0.01, 1_000),
  burst: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 })),
})
/** The pauses between requests, and whether the provider throttles each. */
const histories = Schema.Array(Schema.Struct({ pause: between(0, 5_000), isThrottled: Schema.Boolean }))

/** When requests are made that come after these pauses, one after the other. */
const timesOf = (rate: typeof rates.Type, history: typeof histories.Type, isSlowed: boolean): ReadonlyArray<number> => {
  let bucket = bucketOf(rate.burst, 0)
  let now = 0
  return history.map(({ isThrottled, pause }) => {
    now += pause
    for (;;) {
      const taken = takeToken(bucket, rate, now)
      bucket = taken.bucket
      if (taken.waitMillis === 0) break
      now += taken.waitMillis
    }
    if (isSlowed && isThrottled) bucket = slowedDown(bucket, rate, now)
    return now
  })
}

const isWithin = (times: ReadonlyArray<number>, { burst, perSecond }: typeof rates.Type): boolean =>
  times.every((from, first) =>
    times.slice(first).every((to, index) => index + 1 <= burst + ((to - from) * perSecond) / 1_000 + 1e-6),
  )

describe("a bucket of tokens", () => {
  it.prop(
    "gives in any time of t seconds at most the burst and t times the rate",
    [Arbitrary.schema(rates), Arbitrary.schema(histories)],
    ([rate, history]) => isWithin(timesOf(rate, history, false), rate),
  )

  it.prop(
    "gives no more than that when it is slowed down, and each request comes later or at the same time",
    [Arbitrary.schema(rates), Arbitrary.schema(histories)],
    ([rate, history]) => {
      const slowed = timesOf(rate, history, true)
      const free = timesOf(rate, history, false)
      return isWithin(slowed, rate) && slowed.every((time, index) => time >= free[index]! - 1e-6)
    },
  )

  it("gives a token at once after a wait for as long as it says", () => {
    const rate = { perSecond: 3, burst: 1 }
    const { bucket, waitMillis } = takeToken(bucketOf(0, 1_000), rate, 1_000)
    assert.approximately(waitMillis, 333.3, 0.1)
    assert.strictEqual(takeToken(bucket, rate, 1_000 + waitMillis).waitMillis, 0)
  })

  it("keeps no more than the burst, and gets nothing from time that goes backwards", () => {
    const rate = { perSecond: 1_000, burst: 5 }
    const full = refilled(bucketOf(0, 0), rate, 3_600_000)
    assert.strictEqual(full.tokens, 5)
    assert.strictEqual(refilled(bucketOf(2, 3_600_000), rate, 0).tokens, 2)
  })

  it("is empty and half as fast after a throttled request, once for those that are under way together", () => {
    const rate = { perSecond: 10, burst: 5 }
    const once = slowedDown(bucketOf(5, 0), rate, 0)
    assert.deepInclude(once, { tokens: 0, pace: 1 / 2 })
    assert.strictEqual(takeToken(once, rate, 0).waitMillis, 200)
    assert.strictEqual(slowedDown(once, rate, slowingMillis - 1).pace, 1 / 2)
    assert.strictEqual(slowedDown(once, rate, slowingMillis).pace, 1 / 4)
  })

  it("is never slower than its slowest pace, and is at its rate again after 31 tokens", () => {
    const rate = { perSecond: 10, burst: 1 }
    let bucket = bucketOf(1, 0)
    for (let now = 0; now < 20_000; now += slowingMillis) bucket = slowedDown(bucket, rate, now)
    assert.strictEqual(bucket.pace, slowestPace)
    let now = 20_000
    let taken = 0
    while (bucket.pace < 1) {
      const next = takeToken(bucket, rate, now)
      bucket = next.bucket
      if (next.waitMillis === 0) taken += 1
      now += next.waitMillis
    }
    assert.strictEqual(taken, 31)
  })
})
