import { assert, describe, it } from "@effect/vitest"
import { formatResult } from "../../../src/cli/formatResult.ts"
import { onlyLine } from "../../../src/cli/plan/onlyLine.ts"
import { makeCommandResult, withOnly } from "../../../src/agent/commands/CommandResult.ts"

describe("the line of what a command was limited to", () => {
  it("says what was added, and why", () => {
    const added = [
      { label: "net", by: "web", reason: "needed" },
      { label: "logs", by: "net", reason: "dependent" },
      { label: "net (replaced)", by: "net", reason: "replaced" },
      { label: "b", by: "a", reason: "renamed" },
    ] as const
    const line =
      "Only 6 of 9 resources: web, a, net (web needs it), logs (depends on net, which is replaced), net (replaced) (net replaces it), b (was a until now)"
    const only = { labels: ["web", "a"], added, of: 9 }
    assert.strictEqual(onlyLine(only), line)
    const lines = formatResult(withOnly(makeCommandResult("plan", []), only), ["shop"])
    assert.strictEqual(lines[0], line)
  })

  it("does not list all of many", () => {
    const labels = Array.from({ length: 20 }, (_, index) => `r${index}`)
    assert.match(onlyLine({ labels, added: [], of: 30 }), /^Only 20 of 30 resources: r0, .*, r11, and 8 more$/)
    assert.strictEqual(onlyLine({ labels: [], added: [], of: 2 }), "None of 2 resources: no label was chosen")
  })
})
