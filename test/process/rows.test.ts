import { assert, describe, it } from "@effect/vitest"
import { writeFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"
import { columnIn } from "./rows.ts"

const makeFile = Effect.gen(function* () {
  const file = join(yield* temporaryFolder, "rows.db")
  const database = yield* Effect.acquireRelease(
    Effect.sync(() => new DatabaseSync(file)),
    (opened) => Effect.sync(() => opened.close()),
  )
  database.exec("CREATE TABLE things (name TEXT); INSERT INTO things VALUES ('a'), ('b')")
  return { database, file }
})

describe("the rows of another process", () => {
  it.live("are empty only while the file or its table does not exist", () =>
    Effect.gen(function* () {
      const { file } = yield* makeFile
      assert.deepEqual(yield* columnIn(file, "SELECT name FROM things"), ["a", "b"])
      assert.deepEqual(yield* columnIn(file, "SELECT name FROM others"), [])
      assert.deepEqual(yield* columnIn(`${file}.gone`, "SELECT name FROM things"), [])
    }),
  )

  it.live("are not empty because the statement has a mistake, or the file is of another kind", () =>
    Effect.gen(function* () {
      const { file } = yield* makeFile
      writeFileSync(`${file}.txt`, "not a database\n".repeat(100))
      for (const [name, sql] of [
        [file, "SELECT nome FROM things"],
        [file, "SELEKT name FROM things"],
        [`${file}.txt`, "SELECT name FROM things"],
      ] as const) {
        const exit = yield* Effect.exit(columnIn(name, sql))
        assert.isTrue(Exit.isFailure(exit) && Exit.hasDies(exit), sql)
      }
    }),
  )

  it.live("are waited for while another process has the file locked", () =>
    Effect.gen(function* () {
      const { database, file } = yield* makeFile
      database.exec("BEGIN EXCLUSIVE; INSERT INTO things VALUES ('c')")
      const reading = yield* Effect.forkChild(columnIn(file, "SELECT name FROM things"), { startImmediately: true })
      assert.isUndefined(reading.pollUnsafe())
      database.exec("COMMIT")
      assert.deepEqual(yield* Fiber.join(reading), ["a", "b", "c"])
    }),
  )
})
