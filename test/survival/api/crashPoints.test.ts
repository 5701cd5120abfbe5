import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { victims } from "../../../src/testing/Reaper.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { isWhole, oneIn } from "../../shortForm.ts"
import { killAtEach, killingInMemory, tally } from "../killing.ts"
import { scenarios } from "../scenarios.ts"
import { courseOf, overApi } from "./overApi.ts"

/** What the API adds is the same in each of them. */
const chosen = isWhole ? scenarios : scenarios.filter(({ name }) => name === "update")

/** By default the agent alone is killed, because a client hears of nothing else. */
const killed = isWhole ? victims : (["agent"] as const)

const isOfApi = (step: string) => /^log of (Finished|the end)|request/.test(step)

describe("P3: whatever is killed at any step of a command of the API, its client is told each event once, and the right end", () => {
  it.effect.each(chosen)(
    "$name",
    (scenario) =>
      Effect.gen(function* () {
        const course = yield* withPassingTime(courseOf(scenario))
        // What is not of the API is killed at without it, too.
        const others = oneIn(
          4,
          course.steps.filter((step) => !isOfApi(step)),
        )
        const steps = course.steps.filter((step) => isOfApi(step) || others.includes(step))
        const killings = steps.flatMap((step) => killed.map((victim) => [step, victim] as const))
        const survived = yield* killAtEach(scenario, killings, (one) => killingInMemory(scenario, one, overApi(course)))
        const { line, struck } = tally(scenario, steps, survived)
        assert.strictEqual(struck, survived.length, line)
      }),
    1_800_000,
  )
})
