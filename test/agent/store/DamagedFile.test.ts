import { assert, describe, it } from "@effect/vitest"
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const withStore = <A, E>(file: string, use: Effect.Effect<A, E, SqlClient.SqlClient>) =>
  Effect.provide(use, Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer)))

const labels = SqlClient.SqlClient.use((sql) => sql`SELECT label FROM resources ORDER BY label`.values)

const add = (label: string) =>
  SqlClient.SqlClient.use(
    (sql) =>
      sql`INSERT INTO resources (forma, label, type, target, target_config, native_id, desired, actual, depends_on, updated_at) VALUES ('f', ${label}, '', '', '', '', ${"x".repeat(3_000)}, ${"y".repeat(3_000)}, '', 0)`,
  )

/** A few hundred pages, closed. In one transaction, because each transaction waits for the disk. */
const makeState = Effect.gen(function* () {
  const file = join(yield* temporaryFolder, "state.db")
  const rows = Effect.forEach(Array.from({ length: 100 }).keys(), (index) => add(`label-${index}`))
  yield* withStore(
    file,
    SqlClient.SqlClient.use((sql) => sql.withTransaction(rows)),
  )
  return file
})

/** The file and its log as a killed writer has left them: that only one row is left is only in the log. */
const makeKilledState = Effect.gen(function* () {
  const file = yield* makeState
  const writer = new DatabaseSync(file)
  writer.exec("DELETE FROM resources WHERE label <> 'label-7'")
  for (const name of [file, `${file}-wal`]) copyFileSync(name, `${name}.killed`)
  writer.close()
  rmSync(`${file}-shm`, { force: true })
  for (const name of [file, `${file}-wal`]) copyFileSync(`${name}.killed`, name)
  return file
})

const pageSize = 4_096

/** Overwrites a part of a file. */
const overwrite = (file: string, from: number, to: number) => {
  const bytes = readFileSync(file)
  bytes.fill(0x5a, from, to)
  writeFileSync(file, bytes)
}

/** Opens a file that must be refused, and checks that it has not changed. */
const refusalOf = (file: string) =>
  Effect.gen(function* () {
    const bytes = () => [file, `${file}-wal`].map((name) => existsSync(name) && readFileSync(name, "hex"))
    const before = bytes()
    const error = yield* Effect.flip(withStore(file, labels))
    assert.strictEqual(error._tag, "StoreUnavailable")
    const after = bytes()
    assert.strictEqual(after[0], before[0], "the file is as it was")
    // Reading a file makes an empty log next to it.
    if (before[1] !== false) assert.strictEqual(after[1], before[1], "its log is as it was")
    return error.message
  })

const restore = (file: string) =>
  `Nothing was changed. Restore its last good copy, without ${file}-wal and ${file}-shm. What formae has created still exists at the provider, but an empty state does not know what formae has created, and an apply would create it a second time`

describe("a damaged state file", () => {
  it.effect.each([
    ["a page in its middle", (file: string) => overwrite(file, 40 * pageSize, 41 * pageSize)],
    ["some bytes of a page", (file: string) => overwrite(file, 40 * pageSize, 40 * pageSize + 8)],
    ["the page after the first", (file: string) => overwrite(file, pageSize, 2 * pageSize)],
    ["the first page, except for the header", (file: string) => overwrite(file, 100, pageSize)],
    ["all but its beginning", (file: string) => overwrite(file, 3 * pageSize, statSync(file).size)],
  ] as const)("with %s overwritten is refused", ([, damage]) =>
    Effect.gen(function* () {
      const file = yield* makeState
      damage(file)
      const message = yield* refusalOf(file)
      assert.match(message, /cannot be used: it is damaged \([^\n]+\)\. /)
      assert.isTrue(message.endsWith(restore(file)), message)
    }),
  )

  it.effect.each([[0.5], [0.99], [0.001]] as const)("truncated to %f of its length is refused", ([part]) =>
    Effect.gen(function* () {
      const file = yield* makeState
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length * part)))
      const message = yield* refusalOf(file)
      assert.include(message, "it is damaged")
      assert.isTrue(message.endsWith(restore(file)), message)
    }),
  )

  it.effect("with the name of a forma changed is refused, in its row and in the index that finds it", () =>
    Effect.gen(function* () {
      const file = yield* makeState
      const database = new DatabaseSync(file)
      database.exec("UPDATE resources SET forma = 'the-only-one' WHERE label = 'label-7'")
      database.close()
      const bytes = readFileSync(file)
      const places: Array<number> = []
      for (let at = bytes.indexOf("the-only-one"); at >= 0; at = bytes.indexOf("the-only-one", at + 1)) places.push(at)
      assert.isAtLeast(places.length, 2)
      for (const at of places) {
        const damaged = Buffer.from(bytes)
        damaged[at] = "s".charCodeAt(0)
        writeFileSync(file, damaged)
        assert.include(yield* refusalOf(file), "it is damaged")
      }
    }),
  )

  it.effect("with an index that does not match its table is refused", () =>
    Effect.gen(function* () {
      const file = yield* makeState
      const database = new DatabaseSync(file)
      database.enableDefensive(false)
      // An index without the rows of its table.
      database.exec("PRAGMA writable_schema = ON")
      database.exec("CREATE TABLE other (forma, label, PRIMARY KEY (forma, label))")
      database.exec(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_other_1') WHERE name = 'sqlite_autoindex_resources_1'",
      )
      database.close()
      assert.include(yield* refusalOf(file), "it is damaged")
    }),
  )

  it.effect("that has become empty is refused if it was in use, and is used if it was not", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      for (const _ of ["made", "again"]) {
        assert.deepEqual(yield* withStore(file, labels), [])
        writeFileSync(file, "")
      }
      writeFileSync(`${file}.key`, "k", { mode: 0o600 })
      const message = yield* refusalOf(file)
      assert.include(message, `it is empty, but it has been used: ${file}.key exists`)
      assert.include(message, `Restore its last good copy`)
      assert.include(message, `Move ${file}.key away, and begin with an empty state, only if you do not have a copy`)
      rmSync(`${file}.key`)
      assert.deepEqual(yield* withStore(file, labels), [])
    }),
  )

  it.effect.each(["key", "writes"])("that is gone is not made again while its %s shows that it was in use", (end) =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      yield* withStore(
        file,
        SqlClient.SqlClient.use((sql) => sql.withTransaction(add("label"))),
      )
      rmSync(file)
      if (end === "key") rmSync(`${file}.writes`)
      if (end === "key") writeFileSync(`${file}.key`, "k", { mode: 0o600 })
      const message = yield* refusalOf(file)
      assert.include(message, `it is missing, but it has been used: ${file}.${end} exists`)
      assert.isFalse(existsSync(file))
      rmSync(`${file}.${end}`)
      assert.deepEqual(yield* withStore(file, labels), [])
    }),
  )
})

describe("the log next to a state file", () => {
  it.effect("is part of the state", () =>
    Effect.gen(function* () {
      const file = yield* makeKilledState
      assert.deepEqual(yield* withStore(file, labels), [["label-7"]])
    }),
  )

  it.effect.each([
    ["as a whole", (log: string) => overwrite(log, 0, statSync(log).size)],
    ["at its beginning", (log: string) => overwrite(log, 0, 32)],
    ["in one byte of its header", (log: string) => overwrite(log, 17, 18)],
  ] as const)("that was overwritten %s is not ignored", ([, damage]) =>
    Effect.gen(function* () {
      const file = yield* makeKilledState
      damage(`${file}-wal`)
      const message = yield* refusalOf(file)
      assert.include(message, `it is damaged (${file}-wal next to it was overwritten)`)
      assert.isTrue(message.endsWith(restore(file)), message)
    }),
  )

  it.effect("that is still empty, as after a power failure, does not count as damage", () =>
    Effect.gen(function* () {
      const file = yield* makeState
      for (const log of [Buffer.alloc(0), Buffer.from("torn"), Buffer.alloc(5_000)]) {
        writeFileSync(`${file}-wal`, log)
        assert.lengthOf(yield* withStore(file, labels), 100)
      }
    }),
  )

  it.effect("that is truncated has lost only the last write", () =>
    Effect.gen(function* () {
      const file = yield* makeKilledState
      const log = readFileSync(`${file}-wal`)
      writeFileSync(`${file}-wal`, log.subarray(0, log.length - 10))
      assert.lengthOf(yield* withStore(file, labels), 100)
    }),
  )

  it.effect.each(["empty", "missing"] as const)("of a file that is %s is not deleted", (how) =>
    Effect.gen(function* () {
      const file = yield* makeKilledState
      if (how === "empty") writeFileSync(file, "")
      else rmSync(file)
      const message = yield* refusalOf(file)
      assert.include(message, `it is ${how}, but ${file}-wal next to it holds what was last written to it`)
      assert.include(message, `Restore the file that ${file}-wal belongs to`)
    }),
  )
})

/** What a killed agent leaves behind: rows that are in the log alone. */
const makeCutOffState = Effect.gen(function* () {
  const made = join(yield* temporaryFolder, "state.db")
  const file = join(yield* temporaryFolder, "state.db")
  yield* withStore(
    made,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`PRAGMA wal_checkpoint(TRUNCATE)`
      yield* sql.withTransaction(add("label"))
      for (const end of ["", "-wal", ".writes"]) copyFileSync(`${made}${end}`, `${file}${end}`)
    }),
  )
  return file
})

describe("a state file that has lost writes", () => {
  it.effect("with its log is refused, until the user says that there is no newer copy", () =>
    Effect.gen(function* () {
      const file = yield* makeCutOffState
      rmSync(`${file}-wal`)
      const message = yield* refusalOf(file)
      assert.include(message, `it has lost what was last written to it: ${file}.writes has counted more writes`)
      rmSync(`${file}.writes`)
      assert.deepEqual(yield* withStore(file, labels), [])
    }),
  )

  it.effect("is opened while they are in its log, whatever is left of its index", () =>
    Effect.gen(function* () {
      const file = yield* makeCutOffState
      writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 0x5a))
      assert.deepEqual(yield* withStore(file, labels), [["label"]])
    }),
  )

  it.effect("because an older copy was put in its place is refused", () =>
    Effect.gen(function* () {
      const file = yield* makeState
      copyFileSync(file, `${file}.old`)
      yield* withStore(
        file,
        SqlClient.SqlClient.use((sql) => sql.withTransaction(add("newer"))),
      )
      copyFileSync(file, `${file}.new`)
      copyFileSync(`${file}.old`, file)
      assert.include(yield* refusalOf(file), "or an older copy was put in its place")
      copyFileSync(`${file}.new`, file)
      assert.lengthOf(yield* withStore(file, labels), 101)
    }),
  )

  it.effect("before its tables were ever in the file itself is refused if its key or its count is there", () =>
    Effect.gen(function* () {
      const made = join(yield* temporaryFolder, "state.db")
      const file = join(yield* temporaryFolder, "state.db")
      yield* withStore(
        made,
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          yield* sql.withTransaction(add("label"))
          for (const end of ["", ".writes"]) copyFileSync(`${made}${end}`, `${file}${end}`)
        }),
      )
      assert.isAbove(statSync(file).size, 0)
      assert.include(yield* refusalOf(file), `it is without tables, but it has been used: ${file}.writes exists`)
      rmSync(`${file}.writes`)
      writeFileSync(`${file}.key`, "k", { mode: 0o600 })
      assert.include(yield* refusalOf(file), `it is without tables, but it has been used: ${file}.key exists`)
    }),
  )

  it.effect.each(["", "12", "9999999999", "99999999999\n", "what is this"])(
    "is not believed to be so because of a damaged count: %j",
    (text) =>
      Effect.gen(function* () {
        const file = yield* makeState
        writeFileSync(`${file}.writes`, text)
        assert.lengthOf(yield* withStore(file, labels), 100)
      }),
  )
})

describe("a state file whose maker was killed in the middle of a write", () => {
  it.effect("is rolled back to before the write, and opened", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      const writer = new DatabaseSync(`${file}.writer`)
      writer.exec("CREATE TABLE formae_migrations (migration_id integer PRIMARY KEY NOT NULL, created_at, name)")
      // More than SQLite keeps in memory: the file has half of it, and the journal next to it has the old content.
      writer.exec("PRAGMA cache_size = 1; BEGIN")
      writer.exec(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO formae_migrations SELECT i, 0, hex(zeroblob(500)) FROM n",
      )
      for (const end of ["", "-journal"]) copyFileSync(`${file}.writer${end}`, `${file}${end}`)
      writer.close()
      assert.deepEqual(yield* withStore(file, labels), [])
    }),
  )
})
