import { assert, describe, it } from "@effect/vitest"
import { figureOf } from "../../../scripts/bench/report/Figure.ts"
import { goalText, isReached } from "../../../scripts/bench/report/Goal.ts"
import { besideFloor } from "./besideFloor.ts"
import { exampleResults } from "./exampleResults.ts"

const withShare = (share: number) => ({
  ...exampleResults,
  figures: [
    figureOf(
      { id: "one-together", title: "calls", unit: "ms", ratio: "share" },
      besideFloor(["floor", "the floor", [share]], ["whole-way", "formae", [1]]),
    ),
  ],
})

describe("Goal", () => {
  it("is reached if the ratio is within its bounds as the table shows it", () => {
    assert.isTrue(isReached(withShare(0.446), "one-together", "whole-way"))
    assert.isFalse(isReached(withShare(0.444), "one-together", "whole-way"))
  })

  it("is neither reached nor missed by who was not measured or has none", () => {
    assert.isUndefined(isReached(exampleResults, "flight-apart", "whole-way"))
    assert.isUndefined(isReached(exampleResults, "start", "bare"))
  })

  it("says its bounds in words", () => {
    assert.strictEqual(goalText("start"), "fake-aws ≤ 1.9, aws ≤ 2.2, azure ≤ 1.9")
    assert.strictEqual(goalText("proportional"), "")
  })
})
