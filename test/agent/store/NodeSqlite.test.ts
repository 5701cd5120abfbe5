import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { PragmaRefused, setPragma } from "../../../src/agent/store/Pragma.ts"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const memory = NodeSqlite.layer({ filename: ":memory:" })

/** A client with an empty table of words. */
const words = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE words (word TEXT UNIQUE, place INTEGER CHECK (place > 0))`
  const add = (word: string) => sql`INSERT INTO words (word) VALUES (${word})`
  const all = Effect.map(sql<{ word: string }>`SELECT word FROM words ORDER BY word`, (rows) =>
    rows.map(({ word }) => word).join(" "),
  )
  return { sql, add, all }
})

describe("statements", () => {
  it.effect("return rows, arrays, and values of every kind that SQLite can hold", () =>
    Effect.gen(function* () {
      const { sql } = yield* words
      yield* sql`CREATE TABLE kinds (yes, no, bytes, empty, number, big, text)`
      const bytes = new Uint8Array([0, 255, 10])
      yield* sql`INSERT INTO kinds VALUES (${true}, ${false}, ${bytes}, ${null}, ${1.5}, ${9_007_199_254_740_991n}, ${"it's"})`
      const [row] = yield* sql`SELECT * FROM kinds`
      assert.deepEqual(
        { ...row },
        { yes: 1, no: 0, bytes, empty: null, number: 1.5, big: 9_007_199_254_740_991, text: "it's" },
      )
      assert.deepEqual(yield* sql`SELECT yes, text FROM kinds`.values, [[1, "it's"]])
      assert.deepEqual(yield* sql`SELECT text, yes FROM kinds`.values, [["it's", 1]])
      assert.deepEqual(yield* sql`SELECT yes AS "2", no AS "1", yes AS "1" FROM kinds`.values, [[1, 0, 1]])
    }).pipe(Effect.provide(memory)),
  )

  it.effect("can be streamed, run without being prepared, and report how many rows they changed", () =>
    Effect.gen(function* () {
      const { add, sql } = yield* words
      yield* add("a")
      yield* add("b")
      const streamed = yield* Stream.runCollect(sql<{ word: string }>`SELECT word FROM words ORDER BY word`.stream)
      assert.deepEqual(
        streamed.map(({ word }) => word),
        ["a", "b"],
      )
      assert.lengthOf(yield* sql`SELECT * FROM words`.unprepared, 2)
      assert.deepInclude(yield* sql`UPDATE words SET place = 1`.raw, { changes: 2 })
    }).pipe(Effect.provide(memory)),
  )

  it.effect("fail with what is wrong, and do not break the next one", () =>
    Effect.gen(function* () {
      const { add, all, sql } = yield* words
      yield* add("a")
      const twice = yield* Effect.flip(add("a"))
      assert.strictEqual(twice.reason._tag, "UniqueViolation")
      assert.strictEqual((yield* Effect.flip(sql`UPDATE words SET place = 0`)).reason._tag, "ConstraintError")
      const syntax = yield* Effect.flip(sql`SELEKT`)
      assert.strictEqual(syntax._tag, "SqlError")
      assert.include(syntax.message, 'near "SELEKT": syntax error')
      const odd = yield* Effect.flip(sql`SELECT ${Symbol("odd") as unknown as string}`)
      assert.include(odd.message, "SQLite cannot hold a value of the type symbol")
      assert.strictEqual(yield* all, "a")
    }).pipe(Effect.provide(memory)),
  )
})

describe("a transaction", () => {
  it.effect("is all or nothing", () =>
    Effect.gen(function* () {
      const { add, all, sql } = yield* words
      yield* sql.withTransaction(Effect.andThen(add("a"), add("b")))
      const failed = sql.withTransaction(Effect.andThen(add("c"), Effect.fail("no")))
      assert.strictEqual(yield* Effect.flip(failed), "no")
      yield* Effect.exit(sql.withTransaction(Effect.andThen(add("d"), Effect.die("no"))))
      assert.strictEqual(yield* all, "a b")
    }).pipe(Effect.provide(memory)),
  )

  it.effect("inside another one can be rolled back by itself", () =>
    Effect.gen(function* () {
      const { add, all, sql } = yield* words
      const inner = sql.withTransaction(Effect.andThen(add("inner"), Effect.fail("no")))
      yield* sql.withTransaction(
        Effect.gen(function* () {
          yield* add("before")
          yield* Effect.ignore(inner)
          yield* sql.withTransaction(add("kept"))
          yield* add("then")
        }),
      )
      assert.strictEqual(yield* all, "before kept then")
      const both = sql.withTransaction(Effect.andThen(sql.withTransaction(add("lost")), Effect.fail("no")))
      yield* Effect.ignore(both)
      assert.strictEqual(yield* all, "before kept then")
    }).pipe(Effect.provide(memory)),
  )

  it.effect("does not include what other fibers do meanwhile", () =>
    Effect.gen(function* () {
      const { add, all, sql } = yield* words
      const begun = yield* Deferred.make<void>()
      const resume = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        sql.withTransaction(
          Effect.gen(function* () {
            yield* add("first")
            yield* Deferred.succeed(begun, undefined)
            yield* Deferred.await(resume)
            return yield* Effect.fail("no")
          }),
        ),
      )
      yield* Deferred.await(begun)
      const second = yield* Effect.forkChild(add("second"), { startImmediately: true })
      const third = yield* Effect.forkChild(sql.withTransaction(add("third")), { startImmediately: true })
      assert.isUndefined(second.pollUnsafe())
      yield* Deferred.succeed(resume, undefined)
      assert.strictEqual(yield* Effect.flip(Fiber.join(first)), "no")
      yield* Fiber.join(second)
      yield* Fiber.join(third)
      assert.strictEqual(yield* all, "second third")
    }).pipe(Effect.provide(memory)),
  )

  it.effect("that is interrupted is taken back, and leaves the connection to others", () =>
    Effect.gen(function* () {
      const { add, all, sql } = yield* words
      const begun = yield* Deferred.make<void>()
      const fiber = yield* Effect.forkChild(
        sql.withTransaction(Effect.andThen(add("a"), Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))),
      )
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      yield* add("b")
      assert.strictEqual(yield* all, "b")
    }).pipe(Effect.provide(memory)),
  )
})

describe("a database file", () => {
  it.effect("has a write-ahead log, which is on the disk before a statement returns", () =>
    Effect.gen(function* () {
      const filename = join(yield* temporaryFolder, "a.db")
      const sql = Context.get(yield* Layer.build(NodeSqlite.layer({ filename })), SqlClient.SqlClient)
      const pragma = (name: string) => sql.unsafe(`PRAGMA ${name}`).values
      assert.deepEqual(yield* pragma("journal_mode"), [["wal"]])
      assert.deepEqual(yield* pragma("synchronous"), [[2]])
      assert.deepEqual(yield* pragma("busy_timeout"), [[50]])
      assert.deepEqual(yield* pragma("temp_store"), [[2]])
    }),
  )

  it.effect("that another process is writing is waited for, and everything else continues meanwhile", () =>
    Effect.gen(function* () {
      const filename = join(yield* temporaryFolder, "a.db")
      const sql = Context.get(yield* Layer.build(NodeSqlite.layer({ filename })), SqlClient.SqlClient)
      const { add, all } = yield* Effect.provideService(words, SqlClient.SqlClient, sql)
      const other = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(filename)),
        (opened) => Effect.sync(() => opened.close()),
      )
      for (const write of [add("a"), sql.withTransaction(add("b"))]) {
        other.exec("BEGIN IMMEDIATE")
        const writing = yield* Effect.forkChild(write, { startImmediately: true })
        // The write is tried each time, and this test continues: had the write blocked the loop, nobody would commit.
        for (let tries = 0; tries < 3; tries++) {
          assert.isUndefined(writing.pollUnsafe())
          yield* TestClock.adjust("20 millis")
        }
        assert.isUndefined(writing.pollUnsafe())
        other.exec("COMMIT")
        yield* withPassingTime(Fiber.join(writing))
      }
      assert.strictEqual(yield* all, "a b")
    }),
  )

  it.effect("can be open twice, and one connection reads what the other writes", () =>
    Effect.gen(function* () {
      const filename = join(yield* temporaryFolder, "a.db")
      const open = Effect.map(Layer.build(Layer.fresh(NodeSqlite.layer({ filename }))), (context) =>
        Context.get(context, SqlClient.SqlClient),
      )
      const one = yield* open
      const other = yield* open
      const { add } = yield* Effect.provideService(words, SqlClient.SqlClient, one)
      yield* add("a")
      assert.lengthOf(yield* other`SELECT * FROM words`, 1)
    }),
  )
})

/** As SQLite takes a file where processes can share no memory and have no locks, which is so on many network file systems. */
const unshared = (file: string) => `file:${file}?vfs=unix-none`

describe("a file system that is not fit for a database", () => {
  it.effect("is refused, and the file is not written", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "a.db")
      const filename = unshared(file)
      const error = yield* Effect.flip(Layer.build(NodeSqlite.layer({ filename })))
      assert.strictEqual(
        error.message,
        `The state file ${filename} cannot be used: its file system does not let SQLite keep a write-ahead log and locks for it, as it may be on a network or in a special mount (SQLite was asked for journal_mode = wal, and has delete). Keep it on a local disk`,
      )
      assert.strictEqual(Store.conditionOfError(error), "UnfitFileSystem")
      assert.isFalse(existsSync(`${file}-journal`))
    }),
  )

  it.effect("is good enough to look at what a file has", () =>
    Effect.gen(function* () {
      const filename = unshared(join(yield* temporaryFolder, "a.db"))
      for (const mode of ["keepJournalMode", "read"] as const) {
        const layer = Layer.fresh(NodeSqlite.layer({ filename, mode }))
        const sql = Context.get(yield* Layer.build(layer), SqlClient.SqlClient)
        assert.isEmpty(yield* sql`SELECT name FROM sqlite_schema`)
      }
    }),
  )

  it.effect("is named where SQLite notices later that it can share no memory", () =>
    Effect.gen(function* () {
      const filename = join(yield* temporaryFolder, "a.db")
      // It can be opened and locked, but it has no length, and nothing of it can be mapped.
      execFileSync("mkfifo", [`${filename}-shm`])
      const sql = Context.get(yield* Layer.build(NodeSqlite.layer({ filename })), SqlClient.SqlClient)
      const error = yield* Effect.flip(sql`CREATE TABLE words (word TEXT)`)
      assert.include(error.message, "its file system does not let SQLite keep a write-ahead log and locks for it")
      assert.strictEqual(Store.conditionOfError(error), "UnfitFileSystem")
    }),
  )
})

describe("a pragma", () => {
  it.effect.each([
    ["journal_mode", "wal", "memory"],
    ["page_size", 1_000, "4096"],
    ["synchronous", 2, undefined],
    ["busy_timeout", 50, undefined],
  ] as const)("is set, or what SQLite has instead is said: %s = %s, %s", ([pragma, value, answered]) =>
    Effect.gen(function* () {
      const database = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(":memory:")),
        (opened) => Effect.sync(() => opened.close()),
      )
      const set = () => setPragma(database, pragma, value)
      if (answered === undefined) set()
      else assert.throws(set, PragmaRefused, `asked for ${pragma} = ${value}, and has ${answered}`)
    }),
  )
})
