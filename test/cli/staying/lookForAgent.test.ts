import { assert, describe, it } from "@effect/vitest"
import { isAgentCommand } from "../../../src/cli/staying/lookForAgent.ts"

describe("the process that holds a state", () => {
  it.each<[boolean, ReadonlyArray<string>]>([
    [true, ["/usr/bin/node", "/usr/bin/formae", "agent"]],
    [true, ["node", "--conditions=formae-source", "main.ts", "agent", "--state", "a.db"]],
    [false, ["node", "main.ts", "destroy", "agent"]],
    [false, ["node", "main.ts", "apply", "agent"]],
    [false, ["node", "main.ts"]],
    [false, []],
  ])("is an agent: %s", (expected, words) => {
    assert.strictEqual(isAgentCommand(words), expected)
  })
})
