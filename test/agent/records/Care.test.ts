import { assert, describe, it } from "@effect/vitest"
import { careFor } from "../../../src/agent/records/Care.ts"
import { changeOfPart, changeOfSuccess } from "../../../src/agent/records/InventoryChange.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { thing } from "../plan/capabilities.ts"
import { entryOf } from "../operations/scripted.ts"

const careIn = (change: ReturnType<typeof changeOfPart>) => (change._tag === "Put" ? change.row.care : change._tag)

describe("the care for a resource", () => {
  it("is what the document asks for, and nothing where it asks for nothing", () => {
    assert.deepEqual(careFor({ protect: true, onRemove: "retain" }), { care: { protect: true, retain: true } })
    assert.deepEqual(careFor({ protect: false, onRemove: "delete" }), {})
    assert.deepEqual(careFor({}), {})
  })

  it("comes from the operation, so that it is recorded when the operation is finished", () => {
    const nativeId = NativeId.make("id-a")
    const entry = entryOf({ kind: "Create", care: { protect: true } })
    const done = { status: "Succeeded", attempts: 1, nativeId, properties: {} } as const
    assert.deepEqual(careIn(changeOfSuccess(entry, thing, done)), { protect: true })
    assert.deepEqual(careIn(changeOfPart(entry, nativeId)), { protect: true })
    assert.isUndefined(careIn(changeOfSuccess(entryOf({ kind: "Create" }), thing, done)))
  })
})
