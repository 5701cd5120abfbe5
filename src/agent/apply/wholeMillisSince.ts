import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** How long ago that was, in whole milliseconds. The clock of a test may stand between two of them. */
export const wholeMillisSince = (startedAt: number): Effect.Effect<number> =>
  Effect.map(Clock.currentTimeMillis, (now) => Math.round(now - startedAt))
