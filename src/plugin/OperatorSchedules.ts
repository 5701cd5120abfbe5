/** The policies of this floor, as Schedule values. Their numbers come from the agent, in the handshake. */
import * as Duration from "effect/Duration"
import * as Schedule from "effect/Schedule"
import type { PollSettings, RetrySettings } from "../protocol/Settings.ts"

/** Exponential from the base, factor 2, capped, jittered, and limited in number. */
export const retrySchedule = ({ baseMillis, capMillis, maxRetries }: RetrySettings) =>
  Schedule.min([Schedule.exponential(Duration.millis(baseMillis)), Schedule.spaced(Duration.millis(capMillis))]).pipe(
    Schedule.jittered,
    Schedule.upTo({ times: maxRetries }),
  )

/** Growing by a factor up to a cap, for ever: accepted work ends by itself. */
export const pollSchedule = ({ baseMillis, capMillis, factor }: PollSettings) =>
  Schedule.min([Schedule.exponential(Duration.millis(baseMillis), factor), Schedule.spaced(Duration.millis(capMillis))])
