import { assert, describe, it } from "@effect/vitest"
import { readMustLines } from "./musts.ts"

const lines = readMustLines()

describe("PROTOCOL.md", () => {
  it("has an id for each MUST, in the section that it belongs to", () => {
    assert.isAbove(lines.length, 40)
    for (const { ids, musts, section, text } of lines) {
      assert.lengthOf(ids, musts, text)
      for (const id of ids) assert.match(id, new RegExp(`^${section}\\.[a-zA-Z]+$`), text)
    }
  })

  it("has each id once", () => {
    const ids = lines.flatMap(({ ids }) => ids)
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    )
  })

  it("finds a MUST without an id, and an id at another place", () => {
    const [bare, stray] = readMustLines(
      "## 3. Frames\nIt MUST.\nIt can. <!-- must: frames.it -->\n## 7. More\nIt MUST.",
    )
    assert.deepInclude(bare, { section: "frames", musts: 1, ids: [] })
    assert.deepInclude(stray, { section: "frames", musts: 0, ids: ["frames.it"] })
  })
})
