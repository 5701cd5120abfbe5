import { assert, describe, it } from "@effect/vitest"
import { StateInUse } from "../../../src/agent/index.ts"
import { adviceForError } from "../../../src/cli/advice/adviceForError.ts"

describe("the advice for a state that is in use", () => {
  it("is to wait, to use another state, or to free it if its owner is not formae", () => {
    assert.strictEqual(
      adviceForError(new StateInUse({ pid: 11, since: 0 })),
      ". Wait for it, or name another state file with --state; if process 11 is not formae, delete the row of the table command_lock in the state file",
    )
  })

  it("is to free it if the host of its owner is gone", () => {
    assert.strictEqual(
      adviceForError(new StateInUse({ pid: 11, since: 0, host: "there" })),
      ". Wait for it, or if that host is gone for good, delete the row of the table command_lock in the state file",
    )
  })

  it("is not given for other errors", () => {
    assert.strictEqual(adviceForError({ _tag: "SqlError", message: "no" }), "")
  })
})
