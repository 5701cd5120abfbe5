/** Kills at a step of a scenario. A failure names the step, so that it can be repeated. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { isWhole } from "../shortForm.ts"
import { cutOff, type Runner, type Survived } from "./cutOff.ts"
import type { Victim } from "../../src/testing/Reaper.ts"
import type { Scenario } from "./scenarios.ts"

/** One killing. */
export const killing = (
  scenario: Scenario,
  step: string,
  victim: Victim,
  runner: Runner,
): Effect.Effect<Survived, Error> => {
  const explain = (cause: unknown) =>
    new Error(
      `${scenario.name}: ${victim} killed at "${step}": ${Predicate.isError(cause) ? cause.message : String(cause)}`,
      {
        cause,
      },
    )
  return cutOff(scenario, step, victim, runner).pipe(
    Effect.scoped,
    Effect.mapError(explain),
    Effect.catchDefect((defect) => Effect.fail(explain(defect))),
  )
}

/** How many killings happened, and a line about them. The long form prints the line. */
export const tally = ({ name }: Scenario, steps: ReadonlyArray<string>, survived: ReadonlyArray<Survived>) => {
  const struck = survived.filter((one) => one.struck).length
  const asked = survived.reduce((sum, one) => sum + one.asked, 0)
  const line = `${name}: ${steps.length} steps, ${survived.length} killings tried, ${struck} done; a human was asked ${asked} times`
  if (isWhole) process.stdout.write(`${line}\n`)
  return { struck, line }
}
