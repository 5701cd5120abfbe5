/** Kills at a step of a scenario. A failure names the step, so that it can be repeated. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as TestClock from "effect/testing/TestClock"
import { isWhole } from "../shortForm.ts"
import { type beginning, cutOff, type Runner, type Survived } from "./cutOff.ts"
import type { Victim } from "../../src/testing/Reaper.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import type { Scenario } from "./scenarios.ts"

/** Who is killed, and at which step. */
export type Killing = readonly [step: string, victim: Victim]

/** One killing. */
export const killing = (
  scenario: Scenario,
  [step, victim]: Killing,
  runner: Runner,
  begin?: ReturnType<typeof beginning>,
): Effect.Effect<Survived, Error> => {
  const explain = (cause: unknown) =>
    new Error(
      `${scenario.name}: ${victim} killed at "${step}": ${Predicate.isError(cause) ? cause.message : String(cause)}`,
      {
        cause,
      },
    )
  return cutOff(scenario, step, victim, runner, begin).pipe(
    Effect.scoped,
    Effect.mapError(explain),
    Effect.catchDefect((defect) => Effect.fail(explain(defect))),
  )
}

/** One takes a second at most, also of a busy machine. Time that passes by itself would hide for hours that one hangs. */
const hangs = TestClock.withLive(Effect.sleep("2 minutes"))

/** The same in a time that passes by itself. One that hangs fails, with its step. */
export const killingInMemory = (
  scenario: Scenario,
  one: Killing,
  runner: Runner,
  begin?: ReturnType<typeof beginning>,
) =>
  Effect.raceFirst(
    withPassingTime(killing(scenario, one, runner, begin)),
    Effect.andThen(hangs, Effect.die(`${scenario.name}: ${one[1]} killed at "${one[0]}": it hangs`)),
  )

/** The long form says so often how far a scenario is. */
const toldEvery = 100

const tell = (line: string): void => {
  if (isWhole) process.stdout.write(`${line}\n`)
}

/** Kills once for each of them. */
export const killAtEach = (
  { name }: Scenario,
  killings: ReadonlyArray<Killing>,
  kill: (one: Killing) => Effect.Effect<Survived, Error>,
  concurrency = 1,
): Effect.Effect<ReadonlyArray<Survived>, Error> => {
  let done = 0
  const count = Effect.sync(() => {
    done += 1
    if (done % toldEvery === 0 && done < killings.length) tell(`${name}: ${done} of ${killings.length} killings`)
  })
  return Effect.forEach(killings, (one) => Effect.tap(kill(one), count), { concurrency })
}

/** How many killings happened, and a line about them. The long form prints the line. */
export const tally = ({ name }: Scenario, steps: ReadonlyArray<string>, survived: ReadonlyArray<Survived>) => {
  const struck = survived.filter((one) => one.struck).length
  const asked = survived.reduce((sum, one) => sum + one.asked, 0)
  const line = `${name}: ${steps.length} steps, ${survived.length} killings tried, ${struck} done; a human was asked ${asked} times`
  tell(line)
  return { struck, line }
}
