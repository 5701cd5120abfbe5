/** P3, P17 where several runners share a state. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { isWhole } from "../../shortForm.ts"
import { ofOneDocument, type Scenario } from "../scenarios.ts"
import { type Fault, faults, type Strike } from "./runner.ts"
import { type Returns, returns, stepsOf, takeOver } from "./takeOver.ts"

interface Case {
  readonly fault: Fault
  readonly back: Returns
}

/** Who was killed does not come back. */
const cases: ReadonlyArray<Case> = faults.flatMap((fault) =>
  returns.flatMap((back) => (fault === "kill" && back === "during" ? [] : [{ fault, back }])),
)

/** By default, so many histories of a scenario with two runners. One with three runners is added. */
const inShort = 2

/** A scenario with at least this many steps does the same to several resources, as a shorter one does to one. */
const manySteps = 50

interface Chosen extends Case {
  readonly strikes: ReadonlyArray<Strike>
}

const withTwo = (steps: ReadonlyArray<string>, at: number, { back, fault }: Case): ReadonlyArray<Chosen> =>
  steps.slice(at, at + 1).map((step) => ({ fault, back, strikes: [{ step, fault }] }))

/** The runner that takes over has a fault too, at a step that is left to it. */
const withThree = (steps: ReadonlyArray<string>, at: number, one: Case): ReadonlyArray<Chosen> =>
  withTwo(steps, at, one).map(({ strikes, ...rest }) => {
    const fault = faults[at % faults.length] ?? one.fault
    const second = steps.slice((at + steps.length) >> 1).slice(0, 1)
    return { ...rest, strikes: [...strikes, ...second.map((step) => ({ step, fault }))] }
  })

/** Nothing in the state stands between its intent and its first call, nor between that and the provider: only the lease does. */
const aboutToAct = (steps: ReadonlyArray<string>, index: number): ReadonlyArray<Chosen> => {
  const struckAt = (part: RegExp, fault: Fault) =>
    withTwo(
      steps,
      steps.findIndex((step) => part.test(step)),
      { fault, back: "after" },
    )
  if (index > 0) return []
  return [...struckAt(/^intent .*, after/, "pause"), ...struckAt(/^Create .*, before the provider/, "freeze")]
}

/** In the long form, all cases at all steps. Otherwise each scenario has the next steps and the next cases. */
const chosenOf = (steps: ReadonlyArray<string>, index: number): ReadonlyArray<Chosen> => {
  if (isWhole) {
    return steps.flatMap((_, at) => cases.flatMap((one) => [...withTwo(steps, at, one), ...withThree(steps, at, one)]))
  }
  const at = (turn: number) => Math.floor(((turn + index / 10) * steps.length) / inShort) % steps.length
  const caseAt = (turn: number) => cases.slice((inShort * index + turn) % cases.length).slice(0, 1)
  const two = Array.from({ length: inShort }, (_, turn) => caseAt(turn).flatMap((one) => withTwo(steps, at(turn), one)))
  const three = caseAt(inShort).flatMap((one) => withThree(steps, at(1) >> 1, one))
  return [...two.flat(), ...aboutToAct(steps, index), ...(steps.length < manySteps ? three : [])]
}

const survives = (scenario: Scenario, strikes: ReadonlyArray<Strike>, back: Returns) => {
  const explain = (cause: unknown) => {
    const where = strikes.map(({ fault, step }) => `${fault} at "${step}"`).join(", then ")
    return new Error(
      `${scenario.name}: ${where}, back ${back}: ${Predicate.isError(cause) ? cause.message : String(cause)}`,
      {
        cause,
      },
    )
  }
  return withPassingTime(takeOver(scenario, strikes, back)).pipe(
    Effect.mapError(explain),
    Effect.catchDefect((defect) => Effect.fail(explain(defect))),
  )
}

const tally = (
  { name }: Scenario,
  steps: number,
  all: ReadonlyArray<{ readonly struck: number; readonly asked: number }>,
) => {
  const struck = all.reduce((sum, one) => sum + one.struck, 0)
  const asked = all.reduce((sum, one) => sum + one.asked, 0)
  const line = `${name}: ${steps} steps, ${all.length} histories, ${struck} faults; a human was asked ${asked} times`
  if (isWhole) process.stdout.write(`${line}\n`)
  return { struck, line }
}

const numbered = ofOneDocument.map((scenario, index) => ({ name: scenario.name, scenario, index }))

describe("a runner that is killed, paused or cut off at any step is followed by another one, and what it does when it is back changes nothing", () => {
  it.effect.each(numbered)(
    "$name",
    ({ index, scenario }) =>
      Effect.gen(function* () {
        const steps = yield* withPassingTime(stepsOf(scenario))
        const all = chosenOf(steps, index)
        const survived = yield* Effect.forEach(all, ({ back, strikes }) => survives(scenario, strikes, back))
        const { line, struck } = tally(scenario, steps.length, survived)
        // Not each step is left to the runner that takes over.
        assert.isAtLeast(struck, all.length, line)
      }),
    3_600_000,
  )
})
