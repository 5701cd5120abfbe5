import { assert, describe, it } from "@effect/vitest"
import { resultsTable } from "../../../scripts/bench/report/resultsTable.ts"
import { exampleResults } from "./exampleResults.ts"

const rows = resultsTable(exampleResults)
  .split("\n")
  .map((line) => line.split(" | ").map((cell) => cell.replaceAll("|", "").trim()))
const rowOf = (title: string) => rows.find(([first]) => first?.startsWith(title)) ?? []

describe("resultsTable", () => {
  it("shows the goals, and marks what misses them", () => {
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
  })

  it("has a cell in each column of each row", () => {
    assert.lengthOf(rows, 7)
    assert.isTrue(rows.every((cells) => cells.length === rows[0]!.length))
  })
})
