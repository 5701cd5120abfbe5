import { assert, describe, it } from "@effect/vitest"
import { chartOf } from "../../../scripts/bench/report/resultsChart.ts"
import { withMeasured } from "../../../scripts/bench/report/replaceMeasured.ts"
import { figureOf, median } from "../../../scripts/bench/report/Results.ts"
import { interleaved } from "../../../scripts/bench/measure/takeRounds.ts"
import { tableOf } from "../../../scripts/bench/report/resultsTable.ts"
import { found } from "./sampleResults.ts"

const rows = tableOf(found)
  .split("\n")
  .map((line) => line.split(" | ").map((cell) => cell.replaceAll("|", "").trim()))
const rowOf = (title: string) => rows.find(([first]) => first?.startsWith(title)) ?? []

describe("the bench", () => {
  it("compares the rounds one by one, so that a slow one is slow for the floor too", () => {
    const [, wholeWay] = found.figures[0]!.entries
    assert.strictEqual(wholeWay!.ratio, 0.5)
    assert.strictEqual(median([4, 1, 3, 2]), 2.5)
    const [, twice] = figureOf({ id: "any", title: "any", unit: "ms", ratio: "times" }, [
      { name: "floor", title: "the floor", rounds: [1, 10] },
      { name: "twice", title: "twice", rounds: [2, 20] },
    ]).entries
    assert.strictEqual(twice!.ratio, 2)
  })

  it("gives each entrant its turn in each round, in another order", async () => {
    const order: Array<string> = []
    const entrants = ["a", "b", "c"].map((name) => ({ name, title: name }))
    const timed = await interleaved(entrants, 2, async ({ name }) => order.push(name))
    assert.strictEqual(order.join(""), "abcbca")
    assert.deepEqual(
      timed.map(({ rounds }) => rounds),
      [
        [1, 6],
        [2, 4],
        [3, 5],
      ],
    )
  })

  it("says what is wanted, and marks what falls short of it", () => {
    assert.deepEqual(rowOf("calls one after another").slice(0, 4), [
      "calls one after another, together",
      "≥ 0.5, rpc-layer ≥ 0.62",
      "0.50",
      "0.50 ✗",
    ])
    assert.strictEqual(rowOf("spawn")[2], "fake-aws 2.00 ✗, aws 3.00")
    assert.strictEqual(rowOf("200 FakeAWS")[2], "2.00 ms ✗")
    assert.include(rowOf("the same")[2], "time 1.00, memory 0.75")
    assert.strictEqual(rowOf("50 plugins")[2], "2.50 ✗")
    assert.isTrue(rows.every((cells) => cells.length === rows[0]!.length))
  })

  it("writes between its markers, and leaves the rest of the page", () => {
    const page = "before\n<!-- bench: what follows is written by `npm run bench` -->\nold\n<!-- bench: end -->\nafter\n"
    const fresh = withMeasured(page, "new")
    assert.include(fresh, "before\n")
    assert.include(fresh, "\n\nnew\n\n")
    assert.notInclude(fresh, "old")
    assert.isTrue(fresh.endsWith("<!-- bench: end -->\nafter\n"))
    assert.strictEqual(withMeasured(fresh, "new"), fresh)
    assert.throws(() => withMeasured("nothing", "new"), /no place/)
  })

  it("draws what was measured, and nothing that a name could break", () => {
    const svg = chartOf(found)
    assert.include(svg, "formae, &lt;aws&gt;")
    assert.notInclude(svg, "<aws>")
    assert.notMatch(svg, /NaN|undefined/)
    assert.lengthOf(svg.match(/class="title"/g) ?? [], 2)
  })
})
