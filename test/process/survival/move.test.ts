import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cutOffMove } from "../../survival/moveCutOff.ts"
import { asProcesses } from "./asProcesses.ts"

describe("P3: SIGKILL in the middle of a move of a label", () => {
  it.live("leaves the resource under the old label before the COMMIT, and under the new one after it", () =>
    Effect.gen(function* () {
      const steps = ["relabel net to network, after#1", "move of net to network, after#1"]
      const labels = yield* Effect.forEach(steps, (step) => cutOffMove(step, asProcesses), { concurrency: 2 })
      assert.deepEqual(labels, ["net", "network"])
    }),
  )
})
