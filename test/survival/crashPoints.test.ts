import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { inMemory, makeBeginnings, stepsOf } from "./cutOff.ts"
import { isWhole, oneIn } from "../shortForm.ts"
import { killAtEach, killingInMemory, tally } from "./killing.ts"
import { victims } from "../../src/testing/Reaper.ts"
import { scenarios } from "./scenarios.ts"

/** Every step with every victim takes two minutes. By default, the steps of a scenario with at least this many take turns with the victims. */
const longScenario = 15

/** A second poll is like the first one. */
const isWorthIt = (step: string) => isWhole || !/^Status .*#2$/.test(step)

/** A scenario with at least this many does the same to several resources. By default, it dies at every fourth of its steps. */
const manyResources = 50

describe("P3: whatever is killed at any step, nothing is lost, doubled or left over", () => {
  it.effect.each(scenarios)(
    "$name",
    (scenario) =>
      Effect.gen(function* () {
        const all = (yield* withPassingTime(stepsOf(scenario))).filter(isWorthIt)
        const steps = all.length < manyResources ? all : oneIn(4, all)
        const perStep = (index: number) =>
          isWhole || steps.length < longScenario
            ? victims
            : victims.filter((_, place) => place === index % victims.length)
        const killings = steps.flatMap((step, index) => perStep(index).map((victim) => [step, victim] as const))
        const begin = yield* withPassingTime(makeBeginnings(scenario))
        const survived = yield* killAtEach(scenario, killings, (one) => killingInMemory(scenario, one, inMemory, begin))
        const { line, struck } = tally(scenario, steps, survived)
        assert.strictEqual(struck, survived.length, line)
      }),
    600_000,
  )
})
