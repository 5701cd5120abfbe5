import { assert, describe, it } from "@effect/vitest"
import { StateInUse, StateTaken } from "../../src/agent/index.ts"
import { adviceFor } from "../../src/cli/adviceFor.ts"

describe("the advice for a state that is in use", () => {
  it("is to wait, or to use another state", () => {
    assert.strictEqual(
      adviceFor(new StateInUse({ pid: 11, since: 0 })),
      ". Wait for it, or name another state file with --state",
    )
    assert.strictEqual(adviceFor(new StateInUse({})), ". Wait for it, or name another state file with --state")
  })

  it("is to unlock it if the host of its holder is gone", () => {
    assert.strictEqual(
      adviceFor(new StateInUse({ pid: 11, since: 0, host: "there" })),
      '. Wait for it, or name another state file with --state; if that host is gone for good, "formae unlock" frees the state',
    )
  })

  it("is to run the command again if another one has taken the state over", () => {
    assert.include(adviceFor(new StateTaken({ epoch: 1 })), "Run the same command again")
  })

  it("is not given for other errors", () => {
    assert.strictEqual(adviceFor({ _tag: "SqlError", message: "no" }), "")
  })
})
