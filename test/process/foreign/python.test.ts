import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { needs } from "../../needs.ts"
import { converse } from "./conversation.ts"
import { foreignSuite } from "./foreignSuite.ts"

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
    finish: (directory) => {
      const ledger = new DatabaseSync(ledgerIn(directory), { timeout: 5_000 })
      ledger.exec("UPDATE transfers SET ready_at = 0")
      ledger.close()
    },
    obstruct: (directory) => {
      const ledger = new DatabaseSync(ledgerIn(directory))
      ledger.exec("BEGIN EXCLUSIVE")
      return () => ledger.close()
    },
  })
})

describe("the plugin in Python", () => {
  it.live("says what is missing if there is no python3", () =>
    Effect.gen(function* () {
      const { ended, logged } = yield* converse(join(folder, "main.js"), { PATH: "/nowhere" })
      assert.deepEqual(yield* ended, { code: 69, signal: null })
      assert.include(logged.join("\n"), "there is no python3 on the PATH. Install Python 3.9 or later")
    }),
  )
})
