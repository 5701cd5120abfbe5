/** What a plan holds of each resource bounds the size of a document, so nothing of it is held twice. */
import { assert, describe, it } from "@effect/vitest"
import { assignedResources } from "../../../src/agent/plan/Owners.ts"
import { heldIfSame } from "../../../src/agent/plan/heldIfSame.ts"
import { makePlan } from "../../../src/agent/plan/Plan.ts"
import { byLabel, existing, wanted } from "./planned.ts"

describe("a plan with nothing to do", () => {
  it("holds no copy of a row that keeps its label, and of properties that are as they were", () => {
    const { row } = existing("a", { Size: 1 })
    const { row: other } = existing("b")
    const [kept, moved] = assignedResources({
      rows: new Map([
        ["a", { row }],
        ["c", { row: other, movedFrom: "b" }],
      ]),
      held: new Map(),
    })
    assert.strictEqual(kept?.row, row)
    assert.strictEqual(moved?.row.label, "c")
    const found = existing("a", { Size: 1, Options: { Inner: "x" } })
    const [change] = makePlan([wanted("a", { Size: 1, Options: { Inner: "x" } })], byLabel(found))
    assert.strictEqual(change?.compared, found.prior)
  })
})

describe("properties that are the same as those that are held", () => {
  it("are those that are held, and those in another order are not", () => {
    const held = { a: 1, b: { c: [1, "2"] } }
    assert.strictEqual(heldIfSame(held, { a: 1, b: { c: [1, "2"] } }), held)
    for (const other of [{ b: { c: [1, "2"] }, a: 1 }, { a: 1 }, { a: 1, b: { c: [1, 2] } }, { a: 1, b: null }]) {
      assert.strictEqual(heldIfSame(held, other), other)
    }
  })
})
