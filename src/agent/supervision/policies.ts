/** The policies of supervision, as values. Their precedents are in ARCHITECTURE.md. */
import * as Duration from "effect/Duration"
import * as Schedule from "effect/Schedule"

/** A launch that lived this long was healthy: the next crash is restarted as if it were the first. */
export const healthyPeriod = Duration.seconds(60)

/** The delays before restarts: at once, then exponential from 200 ms, capped at 30 s, jittered; five in all. */
export const restartSchedule: Schedule.Schedule<unknown> = Schedule.concat(
  Schedule.upTo(Schedule.spaced(Duration.zero), { times: 1 }),
  Schedule.min([Schedule.exponential(Duration.millis(200)), Schedule.spaced(Duration.seconds(30))]).pipe(
    Schedule.jittered,
    Schedule.upTo({ times: 4 }),
  ),
)
