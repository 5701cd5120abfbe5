import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cutOff, stepsOf, type Survived } from "./cutOff.ts"
import { type Mode, modes } from "./Reaper.ts"
import { scenarios } from "./scenarios.ts"

/** Every step with every mode takes two minutes; by default a long scenario takes one mode a step, in turn. */
const isWhole = process.env["FORMAE_SURVIVAL"] === "whole"
const longFrom = 30

/** Which step of which scenario it was is the first thing to know of a failure, and how to see it again. */
const killing = (scenario: (typeof scenarios)[number], step: string, mode: Mode): Effect.Effect<Survived, Error> => {
  const explain = (cause: unknown) =>
    new Error(
      `${scenario.name}: ${mode} killed at "${step}": ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    )
  return cutOff(scenario, step, mode).pipe(
    Effect.mapError(explain),
    Effect.catchDefect((defect) => Effect.fail(explain(defect))),
  )
}

describe("P3: whatever dies at whatever step, nothing is lost, doubled or left", () => {
  it.effect.each(scenarios)(
    "$name",
    (scenario) =>
      Effect.gen(function* () {
        const steps = yield* stepsOf(scenario)
        const perStep = (index: number) =>
          isWhole || steps.length < longFrom ? modes : modes.filter((_, place) => place === index % modes.length)
        const survived = yield* Effect.forEach(
          steps.flatMap((step, index) => perStep(index).map((mode) => [step, mode] as const)),
          ([step, mode]) => killing(scenario, step, mode),
        )
        const struck = survived.filter((one) => one.struck).length
        const asked = survived.reduce((sum, one) => sum + one.asked, 0)
        process.stdout.write(
          `${scenario.name}: ${steps.length} steps, ${survived.length} killings of which ${struck} struck; a human was asked ${asked} times\n`,
        )
        // What runs side by side may take another course, and then a step is not reached; most are.
        assert.isAbove(struck, survived.length * 0.9)
      }),
    600_000,
  )
})
