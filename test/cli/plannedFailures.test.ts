import { assert, describe, it } from "@effect/vitest"
import { ResourceType } from "../../src/protocol/Identity.ts"
import type { CommandResult } from "../../src/agent/index.ts"
import { formatResult } from "../../src/cli/formatResult.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"

const resource = (operation: "create" | "noop") =>
  ({
    label: operation,
    type: ResourceType.make("Test::A::B"),
    operation,
    status: "failed",
    changed: [],
    attempts: 0,
    durationMillis: 0,
    crashes: [],
    error: { code: "Throttling", message: "not now" },
  }) as unknown as CommandResult["resources"][number]

describe("a plan with what cannot be done", () => {
  it("does not say that something was tried", () => {
    const result = { command: "plan", status: "failed", resources: [resource("create"), resource("noop")] }
    const text = linesToWrite(formatResult(result as unknown as CommandResult, ["shop"]), false).join("\n")
    assert.include(text, "cannot be created")
    assert.include(text, "2 blocked")
    assert.notInclude(text, "failed")
  })
})
