import { assert, describe, it } from "@effect/vitest"
import { afterCrash, noPoison } from "../../../src/agent/supervision/PoisonWatch.ts"
import { OperationId } from "../../../src/protocol/Identity.ts"

const ids = (names: string) => [...names].map((name) => OperationId.make(name))

/** What is poisoned after crashes with these operations in flight, one letter each. */
const poisonedAfter = (maxCrashes: number, crashes: ReadonlyArray<string>) =>
  [
    ...crashes.reduce((watch, names) => afterCrash(watch, { unanswered: ids(names) }, maxCrashes), noPoison).poisoned,
  ].join("")

describe("an operation is poisoned", () => {
  it.each<[string, ReadonlyArray<string>, string]>([
    ["when it had no answer at two crashes in a row", ["a", "a"], "a"],
    ["and no other", ["ab", "bc"], "b"],
    ["and all that were", ["ab", "ba"], "ba"],
    ["and stays so", ["a", "a", "b", "c"], "a"],
    ["one after the other", ["a", "ab", "b"], "ab"],
    ["not at its first crash", ["a"], ""],
    ["not when a crash without it came between", ["a", "b", "a"], ""],
    ["not when a crash with nothing unanswered came between", ["a", "", "a"], ""],
  ])("%s", (_, crashes, poisoned) => {
    assert.strictEqual(poisonedAfter(2, crashes), poisoned)
  })

  it.each<[string, number, ReadonlyArray<string>, string]>([
    ["at its first crash where that is the limit", 1, ["ab"], "ab"],
    ["at the third", 3, ["a", "a", "a"], "a"],
    ["not at the second of three", 3, ["a", "a"], ""],
    ["not where the count began again", 3, ["a", "a", "b", "a", "a"], ""],
    ["each by its own count", 3, ["a", "ab", "ab", "b"], "ab"],
  ])("%s", (_, maxCrashes, crashes, poisoned) => {
    assert.strictEqual(poisonedAfter(maxCrashes, crashes), poisoned)
  })

  it("alone, where it was sent alone", () => {
    const [a, b] = ids("ab")
    const once = afterCrash(noPoison, { unanswered: ids("ab") }, 2)
    assert.deepEqual([...afterCrash(once, { unanswered: ids("ab"), onProbation: a }, 2).poisoned], [a])
    const twice = afterCrash(once, { unanswered: ids("ab"), onProbation: a }, 3)
    assert.deepEqual([...afterCrash(twice, { unanswered: ids("ab") }, 3).poisoned], [a])
    // One that has ended by then is not it.
    assert.deepEqual([...afterCrash(once, { unanswered: ids("b"), onProbation: a }, 2).poisoned], [b])
  })

  it("not by a crash of a launch that had lived for long", () => {
    const once = afterCrash(noPoison, { unanswered: ids("a") }, 2)
    const later = afterCrash(once, { unanswered: ids("a"), wasHealthy: true }, 2)
    assert.deepEqual([...later.poisoned], [])
    assert.deepEqual([...afterCrash(later, { unanswered: ids("a") }, 2).poisoned], ids("a"))
  })
})
