/** What differs between a plan that was shown and the plan that is made when it is applied. */
import { assert, describe, it } from "@effect/vitest"
import type { ResourceResult } from "../../../src/agent/apply/ResourceResult.ts"
import { planDifferences } from "../../../src/agent/commands/planDifferences.ts"
import { PlanOutdated } from "../../../src/agent/commands/PlanOutdated.ts"

const update: ResourceResult = {
  label: "net",
  type: "FakeAWS::EC2::VPC",
  operation: "update",
  status: "planned",
  nativeId: "vpc-1",
  attempts: 0,
  crashes: [],
  durationMillis: 0,
  error: null,
  changed: ["Name", "Tags"],
  changes: [
    { path: "/Name", before: "a", after: "b" },
    { path: "/Tags", before: { x: 1, y: 2 }, after: { z: 3 } },
  ],
}

const [name = { path: "" }, tags = { path: "" }] = update.changes ?? []

const wordsOf = (shown: ReadonlyArray<ResourceResult>, now: ReadonlyArray<ResourceResult>) =>
  new PlanOutdated({ forma: "shop", differences: planDifferences(shown, now) }).message

describe("a plan that was shown", () => {
  it("is the same in another order, at another time, and whatever was read last", () => {
    const other = { ...update, label: "other" }
    const again: ResourceResult = {
      ...update,
      attempts: 3,
      durationMillis: 9,
      crashes: [{ at: 1, message: "m" }],
      changed: ["Tags", "Name"],
      changes: [
        { ...tags, before: { y: 2, x: 1 } },
        { ...name, changedOutside: true },
      ],
    }
    assert.deepEqual(planDifferences([update, other], [other, again]), [])
  })

  it.each<readonly [string, Partial<ResourceResult>, string]>([
    ["another operation", { operation: "replace" }, "net: the plan shows update, and now it would be replace"],
    [
      "nothing to do",
      { operation: "noop", changed: [], changes: [] },
      "net: the plan shows update, and now there is nothing to do",
    ],
    ["another value before", { changes: [{ ...name, before: "c" }, tags] }, "net: /Name is not as the plan shows it"],
    ["another value after", { changes: [{ ...name, after: "c" }, tags] }, "net: /Name is not as the plan shows it"],
    ["a value less", { changes: [name] }, "net: /Tags is not as the plan shows it"],
    ["a value more", { changes: [name, tags, { path: "/More", after: 1 }] }, "net: /More is not as the plan shows it"],
    [
      "a secret now",
      { changes: [{ path: "/Name", before: { secret: true }, after: { secret: true }, secret: true }, tags] },
      "net: /Name is not as the plan shows it",
    ],
    [
      "what is known later",
      { changes: [{ ...name, knownLater: true }, tags] },
      "net: /Name is not as the plan shows it",
    ],
    [
      "what forces a replacement",
      { changes: [{ ...name, forcesReplacement: true }, tags] },
      "net: /Name is not as the plan shows it",
    ],
    ["another resource", { nativeId: "vpc-2" }, "net: its native id is not as the plan shows it"],
    ["another type", { type: "FakeAWS::EC2::Subnet" }, "net: its type is not as the plan shows it"],
    [
      "a failure",
      { status: "failed", error: { code: "Read", message: "no answer" } },
      "net: it cannot be changed now: no answer",
    ],
    ["another label before", { movedFrom: "old" }, "net: its earlier label is not as the plan shows it"],
    ["another owner", { sharedWith: "other/net" }, "net: its owners are not as the plan shows them"],
    ["a key of others", { seenOutside: ["/Tags/k"] }, "net: what others have added to it is not as the plan shows it"],
    ["that it was deleted", { deletedOutside: true }, "net: that it was deleted elsewhere is not as the plan shows it"],
    ["properties", { changed: ["Name"] }, "net: which of its properties differ is not as the plan shows it"],
  ])("differs by %s", (_, now, words) => {
    assert.include(wordsOf([update], [{ ...update, ...now }]), words)
    assert.include(
      wordsOf([update], [{ ...update, ...now }]),
      "Nothing of the plan for shop was done, because it is out of date",
    )
  })

  it("differs by a resource more and a resource less", () => {
    const [less] = planDifferences([update], [])
    assert.deepEqual(less, { label: "net", shown: "update", now: null, places: [], facts: [] })
    assert.include(wordsOf([update], []), "net: the plan shows update, and now there is no such resource")
    assert.include(wordsOf([], [update]), "net: it is not in the plan, and now it would be update")
  })

  it("differs by each of two entries with one label", () => {
    const first: ResourceResult = { ...update, nativeId: "vpc-0" }
    assert.lengthOf(planDifferences([first, update], [update, update]), 1)
  })
})
