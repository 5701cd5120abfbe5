/** The log of an agent in the background never grows without an end. */
import { assert, it } from "@effect/vitest"
import { closeSync, lstatSync, readFileSync, symlinkSync, writeSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { logFileOf, openLog, rotate } from "../../../src/cli/staying/logFile.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"

it.effect("a log that is too large becomes the one before, and what is written goes on in a new one", () =>
  Effect.gen(function* () {
    const file = join(yield* temporaryFolder, "logs", "agent.log")
    const log = openLog(file)
    const write = (text: string) => writeSync(log, text)
    for (const round of [1, 2, 3]) {
      write(`round ${round}\n`)
      assert.isFalse(rotate(log, file, 100), "small enough")
      write("x".repeat(100))
      assert.isTrue(rotate(log, file, 100))
      assert.strictEqual(readFileSync(`${file}.1`, "utf8"), `round ${round}\n${"x".repeat(100)}`)
    }
    write("after\n")
    closeSync(log)
    assert.strictEqual(readFileSync(file, "utf8"), "after\n")
    for (const name of [file, `${file}.1`]) assert.strictEqual(lstatSync(name).mode & 0o077, 0, name)
  }),
)

it.effect("a link in the place of the log is refused", () =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    symlinkSync(join(folder, "elsewhere"), join(folder, "agent.log"))
    assert.throws(() => openLog(join(folder, "agent.log")), /ELOOP/)
  }),
)

it("each agent of a machine has a log of its own: those of several states in a folder, and the runners of one state", () => {
  const logs = [
    logFileOf(".formae/state.db"),
    logFileOf("kept/shop.db"),
    logFileOf("kept/shop.sqlite"),
    logFileOf("states/1a2b/state"),
    logFileOf("states/1a2b/state", "127.0.0.1:7001"),
    logFileOf("states/1a2b/state", "127.0.0.1:7002"),
    logFileOf("states/1a2b/state", "[::1]:7001"),
  ]
  assert.deepEqual(logs, [
    ".formae/agent.log",
    "kept/shop.db.agent.log",
    "kept/shop.sqlite.agent.log",
    "states/1a2b/agent.log",
    "states/1a2b/agent-127.0.0.1-7001.log",
    "states/1a2b/agent-127.0.0.1-7002.log",
    "states/1a2b/agent--1-7001.log",
  ])
})
