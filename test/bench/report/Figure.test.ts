import { assert, describe, it } from "@effect/vitest"
import { figureOf } from "../../../scripts/bench/report/Figure.ts"
import { median } from "../../../scripts/bench/report/median.ts"

const about = { id: "any", title: "any", unit: "ms" } as const
const rounds = [
  { name: "floor", title: "the floor", rounds: [1, 10] },
  { name: "twice", title: "twice", rounds: [2, 20] },
]

describe("figureOf", () => {
  it("compares each round with the floor's, so that a slow round is slow for both", () => {
    const [, twice] = figureOf({ ...about, ratio: "times" }, rounds).entries
    assert.strictEqual(twice!.ratio, 2)
    assert.strictEqual(twice!.median, 11)
  })

  it("gives a share as the floor's part of what the entrant takes", () => {
    const [, twice] = figureOf({ ...about, ratio: "share" }, rounds).entries
    assert.strictEqual(twice!.ratio, 0.5)
  })
})

describe("median", () => {
  it("is the middle value, or the mean of the middle two", () => {
    assert.strictEqual(median([3, 1, 2]), 2)
    assert.strictEqual(median([4, 1, 3, 2]), 2.5)
    assert.isNaN(median([]))
  })
})
