import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import {
  blockedChange,
  ChangeFailed,
  changeErrorOf,
  codeOf,
  FailureReason,
  isCanceled,
  notReached,
} from "../../../src/agent/operations/ChangeFailed.ts"
import { ChangeError } from "../../../src/agent/records/ChangeError.ts"
import { PluginQuarantined } from "../../../src/agent/supervision/PluginUnavailable.ts"
import { ErrorCode } from "../../../src/protocol/ErrorCode.ts"

describe("a change that failed", () => {
  it.effect.prop("survives JSON with its reason, and keeps its code", [ChangeFailed], ([failed]) =>
    Effect.gen(function* () {
      const Text = Schema.fromJsonString(ChangeFailed)
      const read = yield* Effect.flatMap(Schema.encodeEffect(Text)(failed), Schema.decodeEffect(Text))
      assert.deepEqual(read.reason, failed.reason)
      assert.strictEqual(read.code, failed.code)
    }),
  )

  it("is reported under the provider's own code", () => {
    for (const code of ErrorCode.literals) assert.strictEqual(codeOf({ _tag: "ProviderFailed", code }), code)
  })

  it.each([
    [{ _tag: "PluginUnavailable", condition: "PluginQuarantined" }, "PluginQuarantined"],
    [{ _tag: "CallFailed", condition: "ConnectionLost" }, "ConnectionLost"],
    [{ _tag: "ReferenceUnknown" }, "InvalidRequest"],
    [{ _tag: "PlanOutdated" }, "ResourceConflict"],
    [{ _tag: "DependencyFailed" }, "DependencyFailure"],
    [{ _tag: "VaultFailed" }, "VaultUnavailable"],
    [{ _tag: "Blocked", code: "AccessDenied" }, "AccessDenied"],
    [{ _tag: "NeedsAttention" }, "NeedsAttention"],
    [{ _tag: "StateNotWritten" }, "StateNotWritten"],
  ] satisfies ReadonlyArray<readonly [FailureReason, string]>)("for %o is reported as %s", (reason, code) => {
    assert.strictEqual(codeOf(reason), code)
  })

  it("names the plugin that could not be used", () => {
    const error = new PluginQuarantined({ plugin: "suite", restarts: 5, reason: "exited", at: 0 })
    const { message } = error
    assert.deepEqual(changeErrorOf(notReached(error)), { code: "PluginQuarantined", message, plugin: "suite" })
  })

  it.prop("is reported with the same facts where it blocks a later change", [ChangeError], ([error]) => {
    assert.deepEqual(changeErrorOf(blockedChange(error)), error)
  })

  it("counts as canceled only if its command was asked to stop", () => {
    const canceled = Object.values(FailureReason.cases)
      .map((one) => one.fields._tag.schema.literal)
      .filter((tag) => isCanceled({ _tag: tag } as FailureReason))
    assert.deepEqual(canceled, ["Canceled", "LeftUnderWay"])
  })
})
