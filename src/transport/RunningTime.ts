/**
 * Limits in the time in which this process runs. When it does not (the machine
 * sleeps, a virtual machine is paused, SIGSTOP), a timer comes late, and what it
 * waits for may have arrived meanwhile and not been read. A late timer says
 * nothing, so a limit does not end with one: it gives a grace first. But on a
 * busy machine each timer may be late, and a limit ends there too.
 *
 * Node's timers count a sleep of the machine on macOS (libuv reads
 * mach_continuous_time, src/unix/darwin.c) and on Windows (QueryPerformanceCounter,
 * src/win/util.c). On Linux they do not (CLOCK_MONOTONIC, src/unix/linux.c), but
 * they count the time in which the process is stopped.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** The longest time between two looks at the clock, in milliseconds. It is the grace too. */
export const tickMillis = 1_000

/** How much later than it was set for a timer comes if the process was not running, in milliseconds. */
const lateMillis = 1_000

/** In milliseconds from any moment. Unlike the time of day, nobody sets it. */
export const monotonicMillis = (clock: Clock.Clock): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** How many timers in a row may be late. A machine wakes for longer than that: if more are, it is busy, and this process runs. */
export const mostLate = 5

/** What came of waiting for a time. */
export interface Tick {
  /** The time in which the process did not run meanwhile, in milliseconds: 0 if the timer came when it was due. */
  readonly late: number
  /** Whether to wait for one more before anything is ended. */
  readonly isExcused: boolean
}

/** Makes what waits for a time, in milliseconds: one timer after the other, for one purpose. */
export const makeTick = (): ((millis: number) => Effect.Effect<Tick>) => {
  let inARow = 0
  return (millis) =>
    Effect.clockWith((clock) => {
      const from = monotonicMillis(clock)
      return Effect.map(Effect.sleep(Duration.millis(millis)), () => {
        const over = monotonicMillis(clock) - from - millis
        const late = over > lateMillis ? over : 0
        inARow = late === 0 ? 0 : inARow + 1
        return { late, isExcused: late > 0 && inARow <= mostLate }
      })
    })
}

/** The least that is left of a limit after the process did not run. */
export const graceOf = (limit: number): number => Math.min(tickMillis, limit)

/** Completes when the process has been running for this long. */
export const pass = Effect.fnUntraced(function* (duration: Duration.Duration) {
  const limit = Duration.toMillis(duration)
  if (limit === Infinity) return yield* Effect.never
  const tick = makeTick()
  let left = limit
  do {
    const passed = Math.min(left, tickMillis)
    left = (yield* tick(passed)).isExcused ? Math.max(left, graceOf(limit)) : left - passed
  } while (left > 0)
})

/** `Effect.timeoutOption`, in the time in which this process runs. */
export const timeoutOption = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  duration: Duration.Duration,
): Effect.Effect<Option.Option<A>, E, R> =>
  Effect.raceFirst(Effect.asSome(self), Effect.as(pass(duration), Option.none()))

/** `Effect.timeoutOrElse`, in the time in which this process runs. */
export const timeoutOrElse = <A, E, R, A2, E2, R2>(
  self: Effect.Effect<A, E, R>,
  options: { readonly duration: Duration.Duration; readonly orElse: () => Effect.Effect<A2, E2, R2> },
): Effect.Effect<A | A2, E | E2, R | R2> =>
  Effect.flatMap(timeoutOption(self, options.duration), (answer): Effect.Effect<A | A2, E2, R2> =>
    Option.isNone(answer) ? options.orElse() : Effect.succeed(answer.value),
  )
