import { assert, it } from "@effect/vitest"
import { readdirSync, readlinkSync } from "node:fs"
import { join } from "node:path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** What this process has open. */
const openFiles = Effect.sync(() =>
  readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      // The folder itself was open while it was read.
      return []
    }
  }),
)

// The names of files that are open are known on Linux alone.
it.effect.runIf(process.platform === "linux")("SQLite keeps what a savepoint may undo in no file of its own", () =>
  Effect.gen(function* () {
    const filename = join(yield* temporaryFolder, "a.db")
    const sql = Context.get(yield* Layer.build(NodeSqlite.layer({ filename })), SqlClient.SqlClient)
    yield* sql`CREATE TABLE words (word TEXT)`
    // It takes more than the 64 KiB that SQLite always keeps in memory.
    for (let count = 0; count < 100; count++) yield* sql`INSERT INTO words VALUES (${"w".repeat(3_000)})`
    const changed = Effect.andThen(sql`UPDATE words SET word = ${"v".repeat(3_000)}`, openFiles)
    const open = yield* sql.withTransaction(sql.withTransaction(changed))
    assert.include(open, `${filename}-wal`)
    assert.deepEqual(
      open.filter((file) => file.includes("etilqs")),
      [],
    )
  }),
)
