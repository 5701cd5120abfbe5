import { assert, describe, it } from "@effect/vitest"
import { canSee, formatStart, isSameStart, namespaceIn } from "../../../src/agent/store/ProcessStart.ts"

const initial = "4026531836"

describe("the start of a process", () => {
  it("is the same in one boot at one tick, whichever version has stored it", () => {
    assert.isTrue(isSameStart("b 5 7", formatStart("b", "5", "7")))
    assert.isTrue(isSameStart("b 5", formatStart("b", "5", "7")))
    assert.isFalse(isSameStart("b 6 7", "b 5 7"))
    assert.isFalse(isSameStart("c 5 7", "b 5 7"))
    assert.isFalse(isSameStart("nonsense", "nonsense"))
  })

  it("has the number of its pid namespace", () => {
    assert.strictEqual(namespaceIn("pid:[4026532198]"), "4026532198")
    for (const link of ["", "net:[1]", "pid:[]"]) assert.isUndefined(namespaceIn(link))
  })

  it.each([
    ["in the same namespace", "b 5 7", "b 9 7", true],
    ["in another container", "b 5 7", "b 9 8", false],
    ["in a container, from the host", `b 5 ${initial}`, "b 9 8", false],
    ["of the machine before it was booted again", `c 5 ${initial}`, `b 9 ${initial}`, true],
    ["in a container that may be on another machine", "c 5 7", "b 9 7", false],
    ["that an earlier version has stored", "b 5 7", "b 9", true],
    ["where the system does not tell", null, "b 9 8", true],
    ["without a start", "b 5 7", null, true],
  ] as const)("says whether a process can be seen: one %s", (_, own, other, isSeen) => {
    assert.strictEqual(canSee(own, other), isSeen)
  })
})
