import { assert, describe, it } from "@effect/vitest"
import { changeOfSuccess } from "../../../src/agent/records/InventoryChange.ts"
import type { JournalEntry } from "../../../src/agent/records/JournalEntry.ts"
import { withSecretProperties } from "../../../src/agent/secrets/secretProperties.ts"
import { NativeId, OperationId } from "../../../src/protocol/Identity.ts"
import { thing } from "../plan/capabilities.ts"

const entry: JournalEntry = {
  operationId: OperationId.make("o"),
  commandId: "c",
  forma: "f",
  label: "l",
  type: thing.type,
  target: "here",
  targetConfig: {},
  place: null,
  kind: "Create",
  desired: { Name: "n", Size: { $sealed: { salt: "", hmac: "" } } },
  secrets: null,
  dependsOn: [],
  nativeId: null,
  requestId: null,
  sent: 1,
  status: "InProgress",
  closed: false,
  failure: null,
  crashes: [],
}

describe("a property that is secret in one resource", () => {
  it("is not kept from an answer, if the journal has it as a seal", () => {
    const properties = { Name: "n", Size: "canary", Id: "i" }
    const change = changeOfSuccess(entry, thing, {
      status: "Succeeded",
      attempts: 1,
      nativeId: NativeId.make("n"),
      properties,
    })
    assert.deepEqual(change._tag === "Put" ? change.row.actual : {}, { Name: "n", Id: "i" })
  })

  it("changes nothing in a type where it is secret already, or does not exist", () => {
    assert.strictEqual(withSecretProperties(thing, ["Secret", "Password", "Hint", "toString"]), thing)
  })
})
