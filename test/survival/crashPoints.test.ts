import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { inMemory, stepsOf } from "./cutOff.ts"
import { isWhole } from "../shortForm.ts"
import { killing, tally } from "./killing.ts"
import { modes } from "../../src/testing/Reaper.ts"
import { scenarios } from "./scenarios.ts"

/** Every step with every mode takes two minutes; by default a long scenario takes one mode a step, in turn. */
const longFrom = 30

describe("P3: whatever dies at whatever step, nothing is lost, doubled or left", () => {
  it.effect.each(scenarios)(
    "$name",
    (scenario) =>
      Effect.gen(function* () {
        const steps = yield* withPassingTime(stepsOf(scenario))
        const perStep = (index: number) =>
          isWhole || steps.length < longFrom ? modes : modes.filter((_, place) => place === index % modes.length)
        const survived = yield* Effect.forEach(
          steps.flatMap((step, index) => perStep(index).map((mode) => [step, mode] as const)),
          ([step, mode]) => withPassingTime(killing(scenario, step, mode, inMemory)),
        )
        const { line, struck } = tally(scenario, steps, survived)
        assert.strictEqual(struck, survived.length, line)
      }),
    600_000,
  )
})
