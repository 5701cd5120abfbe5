import { assert, describe, it } from "@effect/vitest"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import {
  AgentUnreachable,
  ChangeFailed,
  commandErrorOf,
  DocumentConflict,
  OperationNotOpen,
  PlanNotSaved,
  PluginDown,
  PluginQuarantined,
  StateInUse,
  StateTaken,
  Store,
} from "../../../src/agent/index.ts"
import { adviceForError } from "../../../src/cli/advice/adviceForError.ts"
import { NativeId, OperationId, ResourceType } from "../../../src/protocol/index.ts"

const storeWith = (condition: Store.StoreCondition) =>
  new Store.StoreUnavailable({ file: "kept/state.db", condition, reason: "it is" })

const changeWith = (reason: ChangeFailed["reason"]) => new ChangeFailed({ reason, message: "no", attempts: 0 })

const sqlErrorWith = (errcode: number) => {
  const cause = Object.assign(new Error("no"), { errcode, errno: errcode })
  return new SqlError({ reason: classifySqliteError(cause, { operation: "execute", message: "no" }) })
}

const openOperation = { operationId: OperationId.make("op-1"), kind: "Update", forma: "shop", label: "net" } as const
const nativeId = NativeId.make("vpc-1")
const settleWith = (reason: OperationNotOpen["reason"]) => new OperationNotOpen({ label: "net", reason })

const another = "Or name another state file with --state"
const withoutWriting = `${another}; "formae plan" and "formae inventory" need no write access`
const release = '"formae plugins release fake" brings it back'
const elsewhere = "name another state file with --state"

describe("the advice for an error", () => {
  it.each([
    [{ fault: "UnknownSigner" }, "FORMAE_AGENT_CA"],
    [{ fault: "Expired" }, "SIGHUP"],
    [{ fault: "NotYetValid" }, "clocks"],
    [{ fault: "OtherName" }, "FORMAE_AGENT "],
    [{ fault: "NoTls" }, "--tls-cert"],
  ] as const)("says how an agent is trusted: %j", ({ fault }, says) => {
    const reason = { _tag: "NotTrusted", message: "no", fault } as const
    const advice = adviceForError(commandErrorOf(new AgentUnreachable({ agent: "https://agent.example", reason })))
    assert.include(advice, says)
  })

  it("names a file as a shell takes it", () => {
    const damaged = new Store.StoreUnavailable({ file: "my state.db", condition: "Damaged", reason: "it is" })
    assert.strictEqual(
      adviceForError(commandErrorOf(damaged)),
      "To save what can be read: sqlite3 'my state.db' .recover | sqlite3 NEW_FILE",
    )
  })

  it("names a plugin as a shell takes it", () => {
    assert.strictEqual(
      adviceForError(
        commandErrorOf(new PluginQuarantined({ plugin: "my fake", restarts: 5, reason: "exited", at: 0 })),
      ),
      `"formae plugins release 'my fake'" brings it back`,
    )
  })

  it("finishes what is open before a plan is saved, which does not help where it is not known what was done", () => {
    const notSaved = (error: string | null) =>
      adviceForError(commandErrorOf(new PlanNotSaved({ forma: "shop", resources: [{ label: "net", error }] })))
    assert.strictEqual(notSaved(null), '"formae resume shop" finishes what is open; then plan again')
    assert.strictEqual(notSaved("cannot tell whether it was created"), "A plan without --out says what to do about it")
  })

  it("names a similar document as a shell takes it", () => {
    const reason = { _tag: "SimilarName", forma: "my net", path: null, knownForma: "My Net", knownPath: null } as const
    assert.strictEqual(
      adviceForError(commandErrorOf(new DocumentConflict({ reason }))),
      "If it is the document of these resources and should stay as it is, --name 'My Net' says so for one command",
    )
  })

  it.each<[string, { readonly _tag: string; readonly message: string }, string]>([
    [
      "a state that runners share",
      new StateInUse({ runners: ["127.0.0.1:7301"] }),
      "Give the command on the machine of a runner, or stop all of them first. One that was killed counts for twelve seconds more",
    ],
    ["a state that is in use here", new StateInUse({ pid: 11, since: 0 }), `Wait for it, or ${elsewhere}`],
    ["a state that is in use by a formae that is not known", new StateInUse({}), `Wait for it, or ${elsewhere}`],
    [
      "a state that is in use on another host",
      new StateInUse({ pid: 11, since: 0, host: "there" }),
      `Wait for it, or ${elsewhere}; if that host or container is gone for good, "formae unlock" frees the state`,
    ],
    [
      "a state that was taken over",
      new StateTaken({ epoch: 1 }),
      "Run the same command again: it continues from what is recorded",
    ],
    [
      "a damaged state",
      storeWith("Damaged"),
      "To save what can be read: sqlite3 kept/state.db .recover | sqlite3 NEW_FILE",
    ],
    ["a state that is read-only", storeWith("NotWritable"), withoutWriting],
    ["a state that cannot be read", storeWith("NotReadable"), another],
    ["a file of another kind", storeWith("NotADatabase"), another],
    ["a file of another program", storeWith("Foreign"), another],
    ["a file of a later version", storeWith("LaterVersion"), ""],
    ["a folder", storeWith("Folder"), another],
    ["a state that cannot be opened", storeWith("Other"), another],
    ["a state whose file is missing", storeWith("LogWithoutFile"), ""],
    ["a full disk", storeWith("DiskFull"), ""],
    ["a state that became read-only", sqlErrorWith(8), withoutWriting],
    [
      "a state that turned out to be damaged",
      sqlErrorWith(11),
      "To save what can be read: sqlite3 STATE_FILE .recover | sqlite3 NEW_FILE",
    ],
    ["a mistake in a statement", sqlErrorWith(1), ""],
    ["a quarantined plugin", new PluginQuarantined({ plugin: "fake", restarts: 5, reason: "exited", at: 0 }), release],
    [
      "a change that a quarantined plugin did not make",
      changeWith({ _tag: "PluginUnavailable", condition: "PluginQuarantined", plugin: "fake" }),
      release,
    ],
    [
      "a change that a stopping agent did not make",
      changeWith({ _tag: "PluginUnavailable", condition: "AgentStopping", plugin: "fake" }),
      "",
    ],
    ["a plugin that is down", new PluginDown({ plugin: "fake", waitedMillis: 1, reason: "exited" }), ""],
    [
      "a label of several formae",
      settleWith({ _tag: "OpenInSeveral", formae: ["shop", "other"] }),
      "Name one of them with --forma",
    ],
    [
      "an update that cannot be adopted",
      settleWith({ _tag: "NotACreate", openOperation }),
      '"formae resume shop" continues it',
    ],
    [
      "an update of a forma whose name has a space",
      settleWith({ _tag: "NotACreate", openOperation: { ...openOperation, forma: "my shop" } }),
      `"formae resume 'my shop'" continues it`,
    ],
    ["a label without an operation", settleWith({ _tag: "NoSuchOperation", open: [] }), ""],
    [
      "a resource that does not exist",
      settleWith({ _tag: "NotAtProvider", type: ResourceType.make("FakeAWS::EC2::VPC"), nativeId }),
      "",
    ],
    ["an error of another kind", { _tag: "NoPlugins", message: "no" }, ""],
  ])("%s", (_, error, advice) => {
    const described = commandErrorOf(error)
    assert.strictEqual(adviceForError(described), advice)
    // It follows from what `--json` prints.
    assert.strictEqual(adviceForError(JSON.parse(JSON.stringify(described))), advice)
  })
})
