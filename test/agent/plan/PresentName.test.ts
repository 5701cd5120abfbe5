import { assert, describe, it } from "@effect/vitest"
import { makePlan } from "../../../src/agent/plan/Plan.ts"
import { withNameOf } from "../../../src/agent/plan/PresentName.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { thing } from "./capabilities.ts"
import { byLabel, existing, notRead, wanted } from "./planned.ts"

const capabilities = {
  ...thing,
  naming: { property: "Name", letters: "lower", separator: "-", maxLength: 63 } as const,
}
const nativeId = NativeId.make("id-a")
const nameOf = (properties = {}, row = existing("a", { Name: "made" }).row) =>
  withNameOf(wanted("a", properties, { capabilities }), row).resource.properties?.["Name"]

describe("a name that the document leaves out", () => {
  it("is the one that the resource has", () => {
    assert.strictEqual(nameOf(), "made")
    assert.strictEqual(nameOf({ Name: "given" }), "given")
    const asked = existing("a", { Name: "made" }).row
    assert.strictEqual(nameOf({}, { ...asked, actual: { Name: "real" } }), "real", "what the provider says goes first")
    assert.strictEqual(nameOf({}, { ...asked, actual: {} }), "made")
    assert.isUndefined(nameOf({}, { ...asked, desired: {}, actual: {} }))
    assert.isUndefined(withNameOf(wanted("a"), asked).resource.properties?.["Name"], "only where the type has a rule")
  })

  it("is sent with an update, and left out of a create and a replace", () => {
    const found = existing("a", { Name: "made", Size: 1 })
    const plan = (properties: object, present = found) =>
      makePlan([wanted("a", { ...properties }, { capabilities, nativeId })], byLabel(present)).map(
        ({ operation, wanted: asked }) => [operation, asked?.resource.properties?.["Name"], asked?.nativeId],
      )
    assert.deepEqual(plan({ Size: 1 }), [["noop", "made", nativeId]])
    assert.deepEqual(plan({ Size: 2 }), [["update", "made", nativeId]])
    assert.deepEqual(plan({ Size: 1 }, notRead(found)), [["create", undefined, undefined]])
    assert.deepEqual(plan({ Name: "other" }), [["replace", "other", nativeId]])
  })

  it("is no name that a deleted resource could have", () => {
    const unwanted = (properties: object) =>
      makePlan([wanted("b", { ...properties }, { capabilities })], byLabel(existing("a", { Name: "x" })))[0]?.unwanted
    assert.deepEqual(unwanted({ Name: "x" }), ["a"])
    assert.isUndefined(unwanted({}))
  })
})
