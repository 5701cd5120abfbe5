import { assert, describe, it } from "@effect/vitest"
import { isChanged, isRemoved, wanted } from "../../src/plugin/Patch.ts"
import { returned } from "../../src/plugin/Returned.ts"

const patch = [
  { op: "remove", path: "/Old" },
  { op: "replace", path: "/Tags/0/Value", value: "b" },
  { op: "add", path: "/New", value: 1 },
] as const

describe("a patch", () => {
  it("removes a property, but not a part of one, or one with a similar name", () => {
    assert.isTrue(isRemoved(patch, "Old"))
    for (const name of ["Tags", "New", "Ol", "Older"]) assert.isFalse(isRemoved(patch, name))
  })

  it("changes a property, or something inside it", () => {
    for (const name of ["Old", "Tags", "New"]) assert.isTrue(isChanged(patch, name))
    for (const name of ["Tag", "Ne", "Other"]) assert.isFalse(isChanged(patch, name))
  })

  it("wants a value, the default of a removed property, or nothing", () => {
    const desired: { readonly Old?: number; readonly New?: number; readonly Other?: number } = { New: 1 }
    assert.deepEqual(
      (["New", "Old", "Other"] as const).map((name) => wanted({ desired, patch }, name, 0)),
      [1, 0, undefined],
    )
  })
})

describe("returned", () => {
  it("keeps a null, and leaves out what is undefined", () => {
    assert.deepEqual(returned({ Name: "a", Color: undefined, Size: null }), { Name: "a", Size: null })
  })
})
