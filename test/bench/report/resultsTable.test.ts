import { assert, describe, it } from "@effect/vitest"
import { resultsTable } from "../../../scripts/bench/report/resultsTable.ts"
import { exampleResults } from "./exampleResults.ts"

const rows = resultsTable(exampleResults)
  .split("\n")
  .map((line) => line.split(" | ").map((cell) => cell.replaceAll("|", "").trim()))
const rowOf = (title: string) => rows.find(([first]) => first?.startsWith(title)) ?? []

describe("resultsTable", () => {
  it("shows the goals, the spread and the processor time, and marks what misses its goal", () => {
    assert.deepEqual(rowOf("calls one after another").slice(0, 4), [
      "calls one after another, together",
      "≥ 0.45, rpc-layer ≥ 0.62",
      "0.50 (0.45–0.50; CPU 0.25)",
      "0.50 ✗ (0.50–0.58; CPU 1.00)",
    ])
    assert.strictEqual(rowOf("spawn")[2], "fake-aws 2.00 ✗ (2.00–2.00), aws 3.00 ✗ (3.00–3.00)")
    assert.strictEqual(rowOf("200 FakeAWS")[2], "2.00 ms ✗")
    assert.include(rowOf("the same")[2], "time 1.00, memory 0.75")
    assert.include(rowOf("1000 FakeAWS")[2], "10.0 (100: apply 1.0 s (CPU 0.1)")
    assert.strictEqual(rowOf("the same: live heap")[2], "2.0 KiB")
    assert.strictEqual(rowOf("the same: reading")[2], "YAML 1.10, JSON 1.40 ✗")
    const alone = "peak 150 MiB"
    assert.strictEqual(
      rowOf("sync of 1000 resources in a file")[2],
      `1.00 (100: 1.000 ms for each, ${alone}; 1000: 1.000 ms for each, ${alone})`,
    )
    assert.include(rowOf("inventory of 1000 resources in a file")[2], "10.00 ✗")
    assert.strictEqual(rowOf("drift of 100 resources over Postgres")[2], `1.00 (100: 0.500 ms for each, ${alone})`)
    assert.strictEqual(rowOf("50 plugins")[2], "2.50 ✗")
  })

  it("has a cell in each column of each row", () => {
    assert.lengthOf(rows, 13)
    assert.isTrue(rows.every((cells) => cells.length === rows[0]!.length))
  })
})
