/** The log of an agent in the background never grows without an end. */
import { assert, it } from "@effect/vitest"
import { closeSync, lstatSync, readFileSync, symlinkSync, writeSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { openLog, rotate } from "../../../src/cli/staying/logFile.ts"
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
