import { assert, describe, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const inState = <A, E, R>(file: string, use: Effect.Effect<A, E, R>) =>
  Effect.provide(use, Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer)))

const backUp = (file: string, target: string) => Effect.provide(Store.backUpTo(file, target), NodeServices.layer)

/** Two tables that are written in one transaction: in no moment has one more rows than the other. */
const makePairs = SqlClient.SqlClient.use((sql) =>
  Effect.andThen(sql`CREATE TABLE left_ones (n INTEGER)`, sql`CREATE TABLE right_ones (n INTEGER, text TEXT)`),
)
const addPair = (n: number) =>
  SqlClient.SqlClient.use((sql) =>
    sql.withTransaction(
      Effect.andThen(
        sql`INSERT INTO left_ones VALUES (${n})`,
        sql`INSERT INTO right_ones VALUES (${n}, ${"x".repeat(2_000)})`,
      ),
    ),
  )

const countsIn = (file: string) => {
  const database = new DatabaseSync(file)
  try {
    return database.prepare("SELECT (SELECT count(*) FROM left_ones) l, (SELECT count(*) FROM right_ones) r").get()
  } finally {
    database.close()
  }
}

describe("a backup of a state", () => {
  it.live("is the state of one moment, while somebody writes all the time, and opens", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const file = join(folder, "state.db")
      yield* inState(
        file,
        Effect.gen(function* () {
          yield* makePairs
          let written = 0
          const add = Effect.suspend(() => addPair(++written))
          yield* Effect.repeat(add, { times: 199 })
          const writing = yield* Effect.forkChild(Effect.forever(Effect.andThen(add, Effect.yieldNow)))
          for (const name of ["one", "two", "three"]) {
            const before = written
            const { backup, bytes, key } = yield* backUp(file, join(folder, `${name}.db`))
            assert.deepInclude(statSync(backup), { size: bytes, nlink: 1 })
            assert.strictEqual(statSync(backup).mode & 0o777, 0o600)
            assert.strictEqual(key, `${file}.key`)
            const counts = countsIn(backup)
            assert.strictEqual(counts?.["l"], counts?.["r"])
            assert.isAtLeast(Number(counts?.["l"]), before - 1)
          }
          yield* Fiber.interrupt(writing)
        }),
      )
      yield* inState(join(folder, "three.db"), addPair(0))
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith("formae-")),
        [],
      )
    }),
  )

  it.live("overwrites nothing, and is not made of nothing", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const [file, target] = [join(folder, "state.db"), join(folder, "backup.db")]
      const missing = yield* Effect.flip(backUp(file, target))
      assert.strictEqual(missing.message, `The state file ${file} was not copied to ${target}: there is no state`)
      yield* inState(file, makePairs)
      writeFileSync(target, "mine")
      const taken = yield* Effect.flip(backUp(file, target))
      assert.strictEqual(
        taken.message,
        `The state file ${file} was not copied to ${target}: a file with this name exists, and no backup is overwritten`,
      )
      assert.strictEqual(readFileSync(target, "utf8"), "mine")
      const nowhere = yield* Effect.flip(backUp(file, join(folder, "no", "folder.db")))
      assert.include(nowhere.message, "no")
    }),
  )

  it.live("is not made of a state that is damaged, or has lost something", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const [file, target] = [join(folder, "state.db"), join(folder, "backup.db")]
      yield* inState(file, Effect.andThen(makePairs, Effect.forEach(Array.from({ length: 50 }).keys(), addPair)))
      const writes = readFileSync(`${file}.writes`, "utf8")
      writeFileSync(`${file}.writes`, "0000099999\n")
      assert.deepInclude(yield* Effect.flip(backUp(file, target)), { condition: "LostWrites" })
      writeFileSync(`${file}.writes`, writes)
      const { size } = statSync(file)
      const bytes = readFileSync(file)
      bytes.fill(0xff, size - 8_192, size - 4_096)
      writeFileSync(file, bytes)
      const damaged = yield* Effect.flip(backUp(file, target))
      assert.deepInclude(damaged, { _tag: "StoreUnavailable", condition: "Damaged" })
      truncateSync(file, 0)
      yield* Effect.flip(backUp(file, target))
      assert.isFalse(existsSync(target))
    }),
  )
})
