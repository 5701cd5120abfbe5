import { assert, describe, it } from "@effect/vitest"
import { formatTable } from "../../src/cli/formatTable.ts"

describe("a table", () => {
  it("has columns as wide as their cells are on a terminal, two spaces apart", () => {
    assert.deepEqual(
      formatTable(
        ["label", "type", "id"],
        [
          ["a", "日本", "1"],
          ["longer", "\u001b", ""],
        ],
      ),
      ["LABEL   TYPE    ID", "a       日本    1", String.raw`longer  \u001b`],
    )
    assert.deepEqual(formatTable(["label"], []), ["LABEL"])
  })

  it("may have more rows than a call can have arguments", () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [`thing-${index}`, "x"])
    const lines = formatTable(["label", "type"], [...rows, ["the longest label of all", "y"]])
    assert.lengthOf(lines, 200_002)
    assert.deepEqual(
      [lines[0], lines[6_000], lines.at(-1)],
      ["LABEL                     TYPE", "thing-5999                x", "the longest label of all  y"],
    )
  })
})
