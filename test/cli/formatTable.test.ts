import { assert, describe, it } from "@effect/vitest"
import { type Column, formatTable } from "../../src/cli/formatTable.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"

const columns: ReadonlyArray<Column> = [
  { title: "label", shrink: "cut" },
  "time",
  { title: "now", shrink: "wrap" },
  { title: "native id", shrink: "cut" },
]
const rows = [
  ["web", "1 s", "waits for the network to be there", "i-0123456789abcdef"],
  ["漢字", "", "", "a\nb"],
]

const table = (width?: number) => linesToWrite(formatTable(columns, rows, width), false)

describe("a table", () => {
  it("is as wide as its cells, which are lines", () => {
    assert.deepEqual(table(), [
      "LABEL  TIME  NOW                                NATIVE ID",
      "web    1 s   waits for the network to be there  i-0123456789abcdef",
      "漢字                                            a\\nb",
    ])
  })

  it("cuts ids in the middle, and then breaks sentences between words", () => {
    assert.deepEqual(table(60), [
      "LABEL  TIME  NOW                          NATIVE ID",
      "web    1 s   waits for the network to be  i-0123456789abcdef",
      "             there",
      "漢字                                      a\\nb",
    ])
    assert.deepEqual(table(42), [
      "LABEL  TIME  NOW           NATIVE ID",
      "web    1 s   waits for     i-01234…9abcdef",
      "             the network",
      "             to be there",
      "漢字                       a\\nb",
    ])
  })

  it("may have more rows than a call can have arguments", () => {
    const many = Array.from({ length: 130_000 }, () => ["x"])
    assert.throws(() => Math.max(...many.keys()), RangeError)
    const lines = linesToWrite(formatTable(["label"], [...many, ["the longest label of all"]]))
    assert.lengthOf(lines, 130_002)
    assert.deepEqual([lines[0], lines[6_000], lines.at(-1)], ["LABEL", "x", "the longest label of all"])
  })
})
