import { assert, describe, it } from "@effect/vitest"
import { replaceMeasured } from "../../../scripts/bench/report/replaceMeasured.ts"

describe("replaceMeasured", () => {
  it("writes between its markers, and leaves the rest of the page", () => {
    const page = "before\n<!-- bench: what follows is written by `npm run bench` -->\nold\n<!-- bench: end -->\nafter\n"
    const fresh = replaceMeasured(page, "new")
    assert.include(fresh, "before\n")
    assert.include(fresh, "\n\nnew\n\n")
    assert.notInclude(fresh, "old")
    assert.isTrue(fresh.endsWith("<!-- bench: end -->\nafter\n"))
    assert.strictEqual(replaceMeasured(fresh, "new"), fresh)
  })

  it("refuses a page without markers", () => {
    assert.throws(() => replaceMeasured("nothing", "new"), /no place/)
  })
})
