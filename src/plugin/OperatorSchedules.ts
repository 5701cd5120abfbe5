/** When an operator retries and polls, as Schedule values. The agent sends their numbers in the handshake. */
import * as Duration from "effect/Duration"
import * as Schedule from "effect/Schedule"
import type { PollSettings, RetrySettings } from "../protocol/Settings.ts"

/** Delays from the base, doubled each time up to the cap, jittered, and limited in number. */
export const retrySchedule = ({ baseMillis, capMillis, maxRetries }: RetrySettings) =>
  Schedule.min([Schedule.exponential(Duration.millis(baseMillis)), Schedule.spaced(Duration.millis(capMillis))]).pipe(
    Schedule.jittered,
    Schedule.upTo({ times: maxRetries }),
  )

/** Delays from the base that grow by the factor up to the cap, without end: accepted work ends by itself. */
export const pollSchedule = ({ baseMillis, capMillis, factor }: PollSettings) =>
  Schedule.min([Schedule.exponential(Duration.millis(baseMillis), factor), Schedule.spaced(Duration.millis(capMillis))])
