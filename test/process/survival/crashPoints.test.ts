import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { isWhole } from "../../shortForm.ts"
import { stepsOf } from "../../survival/cutOff.ts"
import { killAtEach, killing, tally } from "../../survival/killing.ts"
import { victims } from "../../../src/testing/Reaper.ts"
import { ofOneDocument, scenarios } from "../../survival/scenarios.ts"
import { asProcesses } from "./asProcesses.ts"

/** All steps with all victims take half an hour. By default only some are run, spread over each scenario. */
const killingsByDefault = 2

describe("P3: SIGKILL at any step of real processes, and nothing is lost, doubled or left over", () => {
  it.live.each(isWhole ? scenarios : ofOneDocument)(
    "$name",
    (scenario) =>
      Effect.gen(function* () {
        const steps = yield* stepsOf(scenario)
        const all = steps.flatMap((step) => victims.map((victim) => [step, victim] as const))
        const stride = isWhole ? 1 : Math.ceil(all.length / killingsByDefault)
        const survived = yield* killAtEach(
          scenario,
          // Not from the first step on: before it, nothing could be lost.
          all.filter((_, index) => index % stride === Math.floor(stride / 2)),
          (one) => killing(scenario, one, asProcesses),
          2,
        )
        const { line, struck } = tally(scenario, steps, survived)
        assert.isAbove(struck, survived.length / 2, line)
      }),
    3_600_000,
  )
})
