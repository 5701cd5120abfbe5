import { assert, describe, it } from "@effect/vitest"
import { afterCrash, noPoison } from "../../../src/agent/supervision/PoisonWatch.ts"
import { OperationId } from "../../../src/protocol/Identity.ts"

const ids = (names: string) => [...names].map((name) => OperationId.make(name))

/** What is poisoned after crashes with these operations in flight, one letter each. */
const poisonedAfter = (...crashes: ReadonlyArray<string>) =>
  [...crashes.reduce((watch, names) => afterCrash(watch, { inFlight: ids(names) }), noPoison).poisoned].join("")

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

  it("alone, where it was sent alone", () => {
    const [a, b] = ids("ab")
    const once = afterCrash(noPoison, { inFlight: ids("ab") })
    assert.deepEqual([...afterCrash(once, { inFlight: ids("ab"), onProbation: a }).poisoned], [a])
    // One that has ended by then is not it.
    assert.deepEqual([...afterCrash(once, { inFlight: ids("b"), onProbation: a }).poisoned], [b])
  })

  it("not by a crash of a launch that had lived for long", () => {
    const once = afterCrash(noPoison, { inFlight: ids("a") })
    const later = afterCrash(once, { inFlight: ids("a"), wasHealthy: true })
    assert.deepEqual([...later.poisoned], [])
    assert.deepEqual([...afterCrash(later, { inFlight: ids("a") }).poisoned], ids("a"))
  })
})
