/** The policies of supervision, as values. Their precedents are in ARCHITECTURE.md. */
import * as Duration from "effect/Duration"
import * as Schedule from "effect/Schedule"

/** From the spawn to the answer of the handshake. */
export const handshakeDeadline = Duration.seconds(10)

/** After the agent has closed a plugin's stdin, before SIGTERM; and after SIGTERM, before SIGKILL. */
export const stopGrace = { inputEnded: Duration.seconds(2), terminated: Duration.seconds(5) }

/** How long what a dead process has printed is still read, while a grandchild may hold its pipes. */
export const outputGrace = Duration.millis(250)

/** Operations under way at one plugin; more wait. */
export const operationsInFlight = 64

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
