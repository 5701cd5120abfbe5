import { assert, describe, it } from "@effect/vitest"
import { adviceAfterAdding, withAgentAdvice } from "../../../src/cli/advice/adviceForRunningAgent.ts"
import { AgentUnreachable } from "../../../src/agent/index.ts"
import { failed } from "../../../src/cli/agentFailures.ts"
import { badInput } from "../../../src/cli/CommandFailure.ts"
import { statusOfError } from "../../../src/cli/printResult.ts"

const progressOf = (...commandIds: ReadonlyArray<string>) => ({
  commandIds: () => commandIds,
  formae: () => commandIds.map(() => "shop").slice(0, 1),
})

describe("advice about an agent that runs already", () => {
  it("is given where it knows no plugin for a namespace", () => {
    const failure = badInput("FormaInvalid", "No plugin serves the namespace AWS")
    const { lines = [], message } = withAgentAdvice({ _tag: "NamespaceUnknown" }, failure, progressOf())
    assert.strictEqual(message, failure.message)
    assert.match(lines.at(-1) ?? "", /the plugins that were there when it was started\. .*"formae agent stop"/)
    assert.strictEqual(withAgentAdvice({ _tag: "StateInUse" }, failure, progressOf("a")), failure)
  })

  it("is given where it does not come back, and says how to find what goes on", () => {
    const lost = new AgentUnreachable({ agent: "/a.sock", reason: { _tag: "Lost", waitedMillis: 60_000 } })
    const failure = failed(lost)
    assert.strictEqual(withAgentAdvice(lost, failure, progressOf()), failure)
    const { error, exitCode, lines = [] } = withAgentAdvice(lost, failure, progressOf("0198"))
    assert.deepEqual([exitCode, error?.facts?.["commandIds"]], [1, ["0198"]])
    assert.deepInclude(error?.facts?.["reason"], { _tag: "Lost" })
    assert.deepEqual(lines, [
      "/a.sock: the agent has not answered for 1m. A command that it has begun goes on when it is back, or on another runner of its cluster",
      'The work on shop was not canceled, and its end is not known here. Once an agent answers, "formae commands" lists it, "formae events --follow --command 0198" shows it, and "formae cancel 0198" ends it. The same command again waits for it first',
    ])
    // Before an id is known, it may have begun too. Once it is, whatever the agent answers is no end of it.
    const away = new AgentUnreachable({ agent: "/a.sock", reason: { _tag: "Refused", message: "no state" } })
    const begun = withAgentAdvice(away, failed(away), progressOf("0198")).error
    assert.deepEqual(
      [error, failure.error, begun].map((one) => one && statusOfError(one)),
      ["failed", "failed", "failed"],
    )
    const none = failed(new AgentUnreachable({ agent: "/a.sock", reason: { _tag: "NotRunning" } })).error
    assert.strictEqual(none && statusOfError(none), "refused")
    const several = withAgentAdvice(lost, failure, progressOf("0198", "0199")).lines ?? []
    assert.include(several.at(-1), '"formae events --follow" shows it')
  })

  it("is given after a plugin was added", () => {
    assert.match(adviceAfterAdding("state.db"), /state\.db, and does not have this plugin yet\. Start it again/)
  })
})
