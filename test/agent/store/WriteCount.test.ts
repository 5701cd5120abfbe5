import { assert, describe, it } from "@effect/vitest"
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import { parseCount, writesOf } from "../../../src/agent/store/WriteCount.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const open = (file: string) =>
  Effect.map(Layer.build(Layer.fresh(NodeSqlite.layer({ filename: file, foundAt: file }))), (context) =>
    Context.get(context, SqlClient.SqlClient),
  )

const countIn = (sql: SqlClient.SqlClient) => Effect.map(sql`PRAGMA user_version`.values, ([row]) => row?.[0])
const countNextTo = (file: string) =>
  existsSync(writesOf(file)) ? parseCount(readFileSync(writesOf(file), "utf8")) : undefined

describe("the writes of a state file", () => {
  it.effect("are counted by transaction, in the file and next to it", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      const sql = yield* open(file)
      yield* sql`CREATE TABLE words (word)`
      assert.isUndefined(countNextTo(file))
      for (const count of [1, 2, 3]) {
        yield* sql.withTransaction(sql`INSERT INTO words VALUES ('a')`)
        assert.deepEqual([yield* countIn(sql), countNextTo(file)], [count, count])
      }
      yield* sql.withTransaction(sql`SELECT * FROM words`)
      yield* Effect.ignore(sql.withTransaction(Effect.andThen(sql`INSERT INTO words VALUES ('b')`, Effect.fail("no"))))
      yield* sql.withTransaction(sql`SELECT * FROM words`)
      assert.deepEqual([yield* countIn(sql), countNextTo(file)], [3, 3])
    }),
  )

  it.effect("never count next to the file what was not committed", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      const sql = yield* open(file)
      yield* sql`PRAGMA foreign_keys = ON`
      yield* sql`CREATE TABLE parents (id PRIMARY KEY)`
      yield* sql`CREATE TABLE children (parent REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)`
      yield* sql.withTransaction(sql`INSERT INTO parents VALUES (1)`)
      const orphan = sql.withTransaction(sql`INSERT INTO children VALUES (2)`)
      assert.include((yield* Effect.flip(orphan)).message, "FOREIGN KEY")
      yield* sql`INSERT INTO children VALUES (1)`
      assert.deepEqual([yield* countIn(sql), countNextTo(file)], [1, 1])
    }),
  )

  it.effect("are not written through a link, which could lead to any file of this user", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const file = join(folder, "state.db")
      writeFileSync(join(folder, "other.txt"), "precious")
      symlinkSync(join(folder, "other.txt"), writesOf(file))
      const sql = yield* open(file)
      yield* sql.withTransaction(sql`CREATE TABLE words (word)`)
      assert.strictEqual(readFileSync(join(folder, "other.txt"), "utf8"), "precious")
      assert.strictEqual(yield* countIn(sql), 1)
    }),
  )

  it.effect("do not fail where they cannot be counted next to the file", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      mkdirSync(writesOf(file))
      const sql = yield* open(file)
      yield* sql.withTransaction(sql`CREATE TABLE words (word)`)
      assert.strictEqual(yield* countIn(sql), 1)
    }),
  )
})
