import { assert, describe, it } from "@effect/vitest"
import { isChanged, isRemoved, wanted } from "../../src/plugin/Patch.ts"
import { returned } from "../../src/plugin/Returned.ts"

const patch = [
  { op: "remove", path: "/Old" },
  { op: "replace", path: "/Tags/0/Value", value: "b" },
  { op: "add", path: "/New", value: 1 },
] as const

describe("a patch", () => {
  it("removes a property, and not what is in one or is called alike", () => {
    assert.isTrue(isRemoved(patch, "Old"))
    for (const name of ["Tags", "New", "Ol", "Older"]) assert.isFalse(isRemoved(patch, name))
  })

  it("speaks of a property, or of something in it", () => {
    for (const name of ["Old", "Tags", "New"]) assert.isTrue(isChanged(patch, name))
    for (const name of ["Tag", "Ne", "Other"]) assert.isFalse(isChanged(patch, name))
  })

  it("wants a value, its default where it is removed, or nothing of it", () => {
    const desired: { readonly Old?: number; readonly New?: number; readonly Other?: number } = { New: 1 }
    assert.deepEqual(
      (["New", "Old", "Other"] as const).map((name) => wanted({ desired, patch }, name, 0)),
      [1, 0, undefined],
    )
  })
})

describe("what a service returned", () => {
  it("has a null that it gave, and nothing that it did not", () => {
    assert.deepEqual(returned({ Name: "a", Color: undefined, Size: null }), { Name: "a", Size: null })
  })
})
