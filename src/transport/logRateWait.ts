/** Says in the log that requests wait for the rate limit. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { RateWait } from "./RateLimiter.ts"

/** A shorter wait is nothing to speak of. In milliseconds. */
const remarkableMillis = 1_000

/** More records than one in this time would hide others. In milliseconds. */
const quietMillis = 10_000

/** Logs a wait now and then. */
export const makeRateWaitLog = (): ((wait: RateWait) => Effect.Effect<void>) => {
  let quietUntil = -Infinity
  return ({ millis, place, rate, waiting }) =>
    Effect.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      if (millis < remarkableMillis || now < quietUntil) return Effect.void
      quietUntil = now + quietMillis
      const behind = waiting === 0 ? "" : `; ${waiting} more wait`
      return Effect.logInfo(
        `Waited ${Duration.format(Duration.seconds(Math.round(millis / 1_000)))} for the rate limit of ${rate.perSecond} per second at ${place}${behind}`,
      )
    })
}
