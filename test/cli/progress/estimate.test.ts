import { assert, describe, it } from "@effect/vitest"
import { estimateMillis } from "../../../src/cli/progress/estimate.ts"
import { changeOf, usual } from "./work.ts"

const times = [usual("Create", 10), usual("Delete", 3), usual("Update", 1)]

describe("the estimate of a plan", () => {
  it.each([
    ["of nothing is nothing", [], 0],
    ["of what does not wait is the longest", [changeOf("a"), changeOf("b", "update")], 10],
    ["of what waits is the sum", [changeOf("a", "create", ["b"]), changeOf("b", "replace", ["c"]), changeOf("c")], 33],
    [
      "of deletes follows the deletes that depend on them",
      [changeOf("a", "delete"), changeOf("b", "delete", ["a"])],
      6,
    ],
    ["counts what stays for nothing", [changeOf("a", "noop"), changeOf("b", "create", ["a"])], 10],
    ["goes on where labels wait for each other", [changeOf("a", "create", ["b"]), changeOf("b", "create", ["a"])], 20],
  ])("%s", (_, changes, millis) => {
    assert.strictEqual(estimateMillis(changes, times), millis)
  })

  it("knows that only some changes are made at once", () => {
    const many = Array.from({ length: 320 }, (_, index) => changeOf(`n${index}`))
    assert.strictEqual(estimateMillis(many, times), 100)
  })

  it("follows a chain of any length", () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => changeOf(`n${index}`, "update", [`n${index + 1}`]))
    assert.strictEqual(estimateMillis(chain, times), 50_000)
  })

  it("is not known where an operation was never made before", () => {
    assert.isUndefined(estimateMillis([changeOf("a"), changeOf("b", "delete")], [usual("Create", 10)]))
    assert.isUndefined(estimateMillis([changeOf("a", "replace")], [usual("Create", 10)]))
  })
})
