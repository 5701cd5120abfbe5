import { assert, describe, it } from "@effect/vitest"
import { adviceAfterAdding, withAgentAdvice } from "../../../src/cli/advice/adviceForRunningAgent.ts"
import { badInput } from "../../../src/cli/CommandFailure.ts"

describe("advice about an agent that runs already", () => {
  it("is given where it knows no plugin for a namespace", () => {
    const failure = badInput("FormaInvalid", "No plugin serves the namespace AWS")
    const { lines = [], message } = withAgentAdvice({ _tag: "NamespaceUnknown" }, failure)
    assert.strictEqual(message, failure.message)
    assert.match(lines.at(-1) ?? "", /the plugins that were there when it was started\. .*"formae agent stop"/)
    assert.strictEqual(withAgentAdvice({ _tag: "StateInUse" }, failure), failure)
  })

  it("is given after a plugin was added", () => {
    assert.match(adviceAfterAdding("state.db"), /state\.db, and does not have this plugin yet\. Start it again/)
  })
})
