import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cutOffMove, stepsOfMove } from "./moveCutOff.ts"

describe("P3: an agent that dies at any step of a move of a label", () => {
  it.live("leaves the resource under the old label or the new one, and never under both or none", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOfMove
      const labels = yield* Effect.forEach(steps, (step) => cutOffMove(step))
      assert.include(labels, "net", steps.join("\n"))
      assert.include(labels, "network", steps.join("\n"))
    }),
  )
})
