import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { inTime } from "../inTime.ts"
import { inMemory, stepsOf } from "./cutOff.ts"
import { isWhole } from "../shortForm.ts"
import { killing, tally } from "./killing.ts"
import { modes } from "./Reaper.ts"
import { scenarios } from "./scenarios.ts"

/** Every step with every mode takes two minutes. By default, the steps of a scenario with at least this many take turns with the modes. */
const longScenario = 30

describe("P3: whatever is killed at any step, nothing is lost, doubled or left over", () => {
  it.effect.each(scenarios)(
    "$name",
    (scenario) =>
      Effect.gen(function* () {
        const steps = yield* inTime(stepsOf(scenario))
        const perStep = (index: number) =>
          isWhole || steps.length < longScenario ? modes : modes.filter((_, place) => place === index % modes.length)
        const survived = yield* Effect.forEach(
          steps.flatMap((step, index) => perStep(index).map((mode) => [step, mode] as const)),
          ([step, mode]) => inTime(killing(scenario, step, mode, inMemory)),
        )
        const { line, struck } = tally(scenario, steps, survived)
        assert.strictEqual(struck, survived.length, line)
      }),
    600_000,
  )
})
