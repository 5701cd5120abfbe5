import { assert, describe, it } from "@effect/vitest"
import { takeRounds } from "../../../scripts/bench/measure/takeRounds.ts"

describe("takeRounds", () => {
  it("gives each entrant its turn in each round, in another order", async () => {
    const order: Array<string> = []
    const entrants = ["a", "b", "c"].map((name) => ({ name, title: name }))
    const all = await takeRounds(entrants, 2, async ({ name }) => order.push(name))
    assert.strictEqual(order.join(""), "abcbca")
    assert.deepEqual(
      all.map(({ rounds }) => rounds),
      [
        [1, 6],
        [2, 4],
        [3, 5],
      ],
    )
  })
})
