import { assert, describe, it } from "@effect/vitest"
import { figureOf } from "../../../scripts/bench/report/Figure.ts"
import { median, quartiles } from "../../../scripts/bench/report/median.ts"
import { besideFloor } from "./besideFloor.ts"

const about = { id: "any", title: "any", unit: "ms" } as const
const rounds = besideFloor(["floor", "the floor", [1, 10, 10]], ["slower", "slower", [2, 20, 30]])

describe("figureOf", () => {
  it("compares each round with the floor beside it, so that a slow round is slow for both", () => {
    const [floor, slower] = figureOf({ ...about, ratio: "times" }, rounds).entries
    assert.deepEqual(slower!.ratio, { median: 2, quartiles: [2, 2.5] })
    assert.strictEqual(slower!.median, 20)
    assert.deepEqual(slower!.rounds, [2, 20, 30])
    assert.deepEqual(floor!.ratio, { median: 1, quartiles: [1, 1] })
  })

  it("gives a share as the floor's part of what the entrant takes", () => {
    const [, slower] = figureOf({ ...about, ratio: "share" }, rounds).entries
    assert.strictEqual(slower!.ratio.median, 0.5)
    assert.isUndefined(slower!.cpuRatio)
  })

  it("compares the processor time too, where it was measured", () => {
    const cpu = besideFloor(["floor", "the floor", [1, 1]], ["slower", "slower", [4, 4]])
    const [, slower] = figureOf({ ...about, ratio: "share" }, rounds, cpu).entries
    assert.strictEqual(slower!.cpuRatio?.median, 0.25)
  })
})

describe("median", () => {
  it("is the middle value, or the mean of the middle two", () => {
    assert.strictEqual(median([3, 1, 2]), 2)
    assert.strictEqual(median([4, 1, 3, 2]), 2.5)
    assert.isNaN(median([]))
  })
})

describe("quartiles", () => {
  it("are between two values where they fall there", () => {
    assert.deepEqual(quartiles([5, 1, 4, 2, 3]), [2, 4])
    assert.deepEqual(quartiles([1, 2]), [1.25, 1.75])
  })
})
