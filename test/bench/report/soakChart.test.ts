import { assert, describe, it } from "@effect/vitest"
import { soakChart } from "../../../scripts/bench/report/soakChart.ts"

const sample = { heapMiB: 40, residentMiB: 150, descriptors: 30, pluginMiB: 120, medianMillis: 1.5, crashes: 2 }

describe("soakChart", () => {
  it("draws a line for each thing that must stay level, and counts the crashes", () => {
    const svg = soakChart([
      { ...sample, seconds: 60 },
      { ...sample, seconds: 120 },
    ])
    assert.lengthOf(svg.match(/<polyline/g) ?? [], 5)
    assert.include(svg, "2.0 minutes of mixed load, 4 crashes.")
    assert.notMatch(svg, /NaN|undefined/)
  })
})
