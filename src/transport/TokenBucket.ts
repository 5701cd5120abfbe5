/**
 * A bucket of tokens, as a function of (bucket, rate, now): one token for each
 * request. Tokens come at the rate and are kept up to the burst, so no window of
 * time has an edge at which more could be made.
 *
 * After a request that the provider has throttled, the bucket is slower than its
 * rate, by `pace`, and gets faster with each token that is taken.
 */
import type { Rate } from "../protocol/RateLimit.ts"

/** Times are in milliseconds from any moment. */
export interface TokenBucket {
  /** How many requests may be made at once. */
  readonly tokens: number
  /** When that was so. */
  readonly at: number
  /** The part of the rate at which tokens come, from `slowestPace` to 1. */
  readonly pace: number
  /** When the pace was last slowed down. */
  readonly slowedAt: number
}

/** The slowest pace. Slower than this, it would take minutes to notice that the provider is well again. */
export const slowestPace = 1 / 32

/** How much of the pace comes back with each token that is taken. */
const paceStep = 1 / 32

/** Requests that are under way together are throttled together, which is one reason to slow down. In milliseconds. */
export const slowingMillis = 1_000

/** Sums of parts of tokens are not exact. */
const nearlyOne = 1 - 1e-9

/** A bucket with this many tokens. */
export const bucketOf = (tokens: number, now: number): TokenBucket => ({
  tokens,
  at: now,
  pace: 1,
  slowedAt: -Infinity,
})

/** The same bucket at a later time. Time that goes backwards brings nothing. */
export const refilled = (bucket: TokenBucket, { burst, perSecond }: Rate, now: number): TokenBucket => {
  const passed = Math.max(0, now - bucket.at)
  return { ...bucket, at: now, tokens: Math.min(burst, bucket.tokens + (passed * perSecond * bucket.pace) / 1_000) }
}

/** The bucket without one token, or how long to wait for it, in milliseconds. */
export const takeToken = (
  before: TokenBucket,
  rate: Rate,
  now: number,
): { readonly bucket: TokenBucket; readonly waitMillis: number } => {
  const bucket = refilled(before, rate, now)
  if (bucket.tokens >= nearlyOne) {
    const pace = Math.min(1, bucket.pace + paceStep)
    return { bucket: { ...bucket, tokens: Math.max(0, bucket.tokens - 1), pace }, waitMillis: 0 }
  }
  return { bucket, waitMillis: ((1 - bucket.tokens) * 1_000) / (rate.perSecond * bucket.pace) }
}

/** The bucket after the provider has throttled a request: empty, and half as fast. */
export const slowedDown = (before: TokenBucket, rate: Rate, now: number): TokenBucket => {
  const bucket = refilled(before, rate, now)
  return now - bucket.slowedAt < slowingMillis
    ? bucket
    : { ...bucket, tokens: 0, pace: Math.max(slowestPace, bucket.pace / 2), slowedAt: now }
}
