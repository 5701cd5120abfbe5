import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { needs } from "../../needs.ts"
import { converse } from "./conversation.ts"
import { hour, temporaryFolder } from "./Foreign.ts"
import { foreignSuite } from "./foreignSuite.ts"

const obstruct = (directory: string) => {
  const ledger = new DatabaseSync(ledgerIn(directory))
  ledger.exec("BEGIN EXCLUSIVE")
  return () => ledger.close()
}

const finish = (directory: string) => {
  const ledger = new DatabaseSync(ledgerIn(directory), { timeout: 5_000 })
  ledger.exec("UPDATE transfers SET ready_at = 0")
  ledger.close()
}

const folder = fileURLToPath(new URL("../../../examples/plugins/python", import.meta.url))

const ledgerIn = (directory: string) => join(directory, "ledger.db")

describe("P9: a plugin in Python", needs("python3"), () => {
  foreignSuite({
    namespace: "Ledger",
    folder: () => folder,
    targetIn: (directory) => ({ ledger: ledgerIn(directory) }),
    now: {
      type: "Ledger::Books::Account",
      properties: (Name) => ({ Name, Owner: "Ada" }),
      changed: (Name) => ({ Name, Owner: "Grace" }),
      refused: { Name: "a", Owner: 5 },
    },
    later: { type: "Ledger::Books::Transfer", properties: { Account: "a", Amount: 100 } },
    finish,
    obstruct,
  })
})

describe("the plugin in Python", () => {
  it.live("reports a poll that fails, and the first one after it that does not", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryFolder
      const { ack, call, greet, nextOf, request, send, toItsEnd } = yield* converse(join(folder, "main.js"))
      yield* greet
      const create = {
        operationId: "op-1",
        resourceType: "Ledger::Books::Transfer",
        label: "it",
        targetConfig: { ledger: ledgerIn(directory), settleMillis: hour },
        properties: { Account: "a", Amount: 100 },
      }
      const accepted = { status: "InProgress", attempts: 1, requestId: "1", nativeId: "1" }
      assert.deepEqual((yield* call("Create", create)).value, accepted)
      const pass = obstruct(directory)
      yield* send(request("Watch", { operationId: "op-1" }, "watch"))
      const failed = { ...accepted, failure: { code: "Throttling", message: "database is locked" } }
      assert.deepEqual(yield* nextOf("watch"), failed)
      pass()
      yield* ack("watch")
      let next = yield* nextOf("watch")
      // A poll that had begun by then.
      while (Object(next).failure !== undefined) {
        yield* ack("watch")
        next = yield* nextOf("watch")
      }
      assert.deepEqual(next, accepted)
      finish(directory)
      yield* ack("watch")
      assert.deepInclude(yield* toItsEnd("watch"), { status: "Succeeded", attempts: 1 })
    }),
  )

  it.live("answers with a Die if its answer would be larger than a frame may be", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryFolder
      const talk = yield* converse(join(folder, "main.js"))
      yield* talk.greet
      const { cause } = yield* talk.call("Create", {
        operationId: "op-1",
        resourceType: "Ledger::Books::Account",
        label: "it",
        targetConfig: { ledger: ledgerIn(directory) },
        // Two bytes each in the request, and six in the answer, because Python escapes them.
        properties: { Name: "a", Owner: "é".repeat(3_000_000) },
      })
      assert.deepEqual(cause, [{ _tag: "Die", defect: "The answer is larger than a frame may be (16777216 bytes)" }])
      yield* talk.ping
    }),
  )

  it.live.each(["SIGKILL", "SIGSEGV"] as const)("ends by %s if that has ended its program", (signal) =>
    Effect.gen(function* () {
      const { ended, greet, pid } = yield* converse(join(folder, "main.js"))
      const program: number = Object((yield* greet).value).pid
      assert.notStrictEqual(program, pid)
      yield* Effect.sync(() => process.kill(program, signal))
      assert.deepEqual(yield* ended, { code: null, signal })
    }),
  )

  it.live("says what is missing if there is no python3", () =>
    Effect.gen(function* () {
      const { ended, logged } = yield* converse(join(folder, "main.js"), { PATH: "/nowhere" })
      assert.deepEqual(yield* ended, { code: 69, signal: null })
      assert.include(logged.join("\n"), "there is no python3 on the PATH. Install Python 3.9 or later")
    }),
  )
})
