import { assert, describe, it } from "@effect/vitest"
import { resultsChart } from "../../../scripts/bench/report/resultsChart.ts"
import { exampleResults } from "./exampleResults.ts"

describe("resultsChart", () => {
  it("draws what was measured, and escapes what a name may have in it", () => {
    const svg = resultsChart(exampleResults)
    assert.include(svg, "formae, &lt;aws&gt;")
    assert.notInclude(svg, "<aws>")
    assert.notMatch(svg, /NaN|undefined/)
    assert.lengthOf(svg.match(/class="title"/g) ?? [], 2)
  })
})
