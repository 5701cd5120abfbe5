/** A clock of a process that does not always run. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** The clock of the test, in which the process is stopped for a while: whatever timer is next comes late by that. */
export const makeLateClock = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  let next = Duration.zero
  let always = Duration.zero
  const late: Clock.Clock = {
    ...clock,
    sleep: (duration) => {
      const stopped = next
      next = always
      return clock.sleep(Duration.sum(duration, stopped))
    },
  }
  return {
    clock: late,
    /** Each timer that is set comes later by this. */
    stopEachTimeFor: (duration: Duration.Input) => {
      always = next = Duration.fromInputUnsafe(duration)
    },
    /** The next timer that is set comes later by this. */
    stopFor: (duration: Duration.Input) => {
      next = Duration.fromInputUnsafe(duration)
    },
  }
})
