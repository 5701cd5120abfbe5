import { assert, describe, it } from "@effect/vitest"
import type { ChangeError } from "../../../src/agent/index.ts"
import { makeChangeAdvice } from "../../../src/cli/advice/makeChangeAdvice.ts"
import { OperationId } from "../../../src/protocol/index.ts"

const openAs = (kind: "Create" | "Delete" | "Update") => ({
  openOperation: { operationId: OperationId.make("op-1"), kind, forma: "shop", label: "net" },
})

const forget = '"formae forget net --forma shop" gives up on it'
const settle =
  'If it exists, run "formae adopt net NATIVE_ID --forma shop". If it does not, run "formae forget net --forma shop", so that it can be created again'
const release = '"formae plugins release fake" brings it back'

describe("the advice for a change that was not made", () => {
  it.each<[string, Omit<ChangeError, "message">, string]>([
    ["a create that needs a human", { code: "NeedsAttention", ...openAs("Create") }, settle],
    ["a create that is open", { code: "AccessDenied", ...openAs("Create") }, settle],
    ["an update that is open", { code: "ConnectionLost", ...openAs("Update") }, forget],
    ["a delete that is open", { code: "ConnectionLost", ...openAs("Delete") }, forget],
    ["a create that was left under way", { code: "LeftUnderWay", ...openAs("Create") }, ""],
    ["a quarantined plugin", { code: "PluginQuarantined", plugin: "fake" }, release],
    [
      "a create that a quarantined plugin left open",
      { code: "PluginQuarantined", plugin: "fake", ...openAs("Create") },
      `${release}. ${settle}`,
    ],
    ["a plugin that is down", { code: "PluginDown", plugin: "fake" }, ""],
    ["an operation that an earlier version has recorded", { code: "NeedsAttention" }, ""],
    ["a refusal of the provider", { code: "AccessDenied" }, ""],
  ])("%s", (_, error, advice) => {
    assert.strictEqual(makeChangeAdvice()(error), advice)
  })

  it("is given at length once in each output", () => {
    const adviceFor = makeChangeAdvice()
    const openOf = (label: string, kind: "Create" | "Delete", forma = "shop") => ({
      code: "NeedsAttention",
      openOperation: { operationId: OperationId.make("op-1"), kind, forma, label },
    })
    const quarantined = { code: "PluginQuarantined", plugin: "fake" }
    assert.deepEqual(
      [openOf("net", "Create"), openOf("web", "Create"), openOf("net", "Delete"), quarantined, quarantined].map(
        adviceFor,
      ),
      [settle, "Settle web in the same way", forget, release, ""],
    )
    assert.include(adviceFor(openOf("web", "Create", "other")), '"formae adopt web NATIVE_ID --forma other"')
  })

  it("names a resource as a shell takes it", () => {
    const openOperation = {
      operationId: OperationId.make("op-1"),
      kind: "Delete",
      forma: "my shop",
      label: "it's",
    } as const
    assert.strictEqual(
      makeChangeAdvice()({ code: "ConnectionLost", openOperation }),
      `"formae forget 'it'\\''s' --forma 'my shop'" gives up on it`,
    )
  })
})
