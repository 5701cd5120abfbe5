import { assert, describe, it } from "@effect/vitest"
import { afterCrash, noPoison } from "../../../src/agent/supervision/PoisonWatch.ts"
import { OperationId } from "../../../src/protocol/Identity.ts"

const ids = (names: string) => [...names].map((name) => OperationId.make(name))

/** What is poisoned after crashes with these operations in flight, one letter each. */
const poisonedAfter = (...crashes: ReadonlyArray<string>) =>
  [...crashes.reduce((watch, names) => afterCrash(watch, ids(names)), noPoison).poisoned].join("")

describe("an operation is poisoned", () => {
  it.each<[string, ReadonlyArray<string>, string]>([
    ["when it was in flight at two crashes in a row", ["a", "a"], "a"],
    ["and no other", ["ab", "bc"], "b"],
    ["and all that were", ["ab", "ba"], "ba"],
    ["and stays so", ["a", "a", "b", "c"], "a"],
    ["one after the other", ["a", "ab", "b"], "ab"],
    ["not at its first crash", ["a"], ""],
    ["not when a crash without it came between", ["a", "b", "a"], ""],
    ["not when a crash with nothing in flight came between", ["a", "", "a"], ""],
  ])("%s", (_, crashes, poisoned) => {
    assert.strictEqual(poisonedAfter(...crashes), poisoned)
  })
})
