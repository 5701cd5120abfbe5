import { assert, describe, it } from "@effect/vitest"
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as PlatformError from "effect/PlatformError"
import * as SqlClient from "effect/sql/SqlClient"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** Opens the store in `file`, uses it, and closes it. */
const withStore = <A, E>(file: string, use: Effect.Effect<A, E, SqlClient.SqlClient>) =>
  Effect.provide(use, Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer)))

const addRow = SqlClient.SqlClient.use(
  (sql) =>
    sql`INSERT INTO resources (forma, label, type, target, target_config, native_id, desired, actual, depends_on, updated_at) VALUES ('f', 'l', '', '', '', '', '', '', '', 0)`,
)
const rows = SqlClient.SqlClient.use((sql) => sql`SELECT forma, label FROM resources`.values)
const migrated = SqlClient.SqlClient.use((sql) => sql`SELECT migration_id, name FROM formae_migrations`.values)

const change = (file: string, sql: string) => {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

const tablesOf = (file: string) => {
  const database = new DatabaseSync(file)
  const tables = database.prepare("SELECT name FROM sqlite_schema").all()
  database.close()
  return tables.map(({ name }) => name)
}

const remedy =
  "Nothing was changed. Check that it is a state file of formae, on a local disk, and that its folder is writable"

describe("the state file", () => {
  it.effect("is made with its folder, keeps its content, and gets each of its tables once", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "deep", "in", "state.db")
      yield* withStore(file, addRow)
      assert.isTrue(existsSync(file))
      const [kept, steps] = yield* withStore(file, Effect.all([rows, migrated]))
      assert.deepEqual(kept, [["f", "l"]])
      assert.deepEqual(steps, [
        [1, "create_inventory"],
        [2, "create_quarantines"],
        [3, "create_command_lock"],
        [4, "create_journal"],
        [5, "tell_processes_apart"],
        [6, "create_secrets"],
        [7, "identify_things"],
        [8, "create_state_ownership"],
        [9, "protect_state"],
        [10, "note_exact_paths"],
        [11, "note_care"],
        [12, "create_document_outputs"],
        [13, "keep_events"],
        [14, "limit_commands"],
        [15, "record_drift"],
        [18, "keep_requests"],
        [19, "resume_as_begun"],
        [21, "share_state"],
        [22, "keep_request_bodies"],
        [23, "find_by_time"],
        [24, "find_long_ids"],
      ])
    }),
  )

  it.effect("and its folder are private to their owner if they are made here, and keep their modes if not", () =>
    Effect.gen(function* () {
      const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
      const folder = yield* temporaryFolder
      const file = join(folder, "deep", "in", "state.db")
      const modes = Effect.sync(() =>
        readdirSync(join(folder, "deep", "in")).map((name) => modeOf(join(file, "..", name))),
      )
      assert.deepEqual(yield* withStore(file, Effect.andThen(addRow, modes)), ["600", "600", "600", "600"])
      assert.deepEqual([modeOf(join(folder, "deep")), modeOf(join(folder, "deep", "in"))], ["700", "700"])
      chmodSync(file, 0o640)
      chmodSync(join(folder, "deep"), 0o755)
      yield* withStore(file, rows)
      assert.deepEqual([modeOf(file), modeOf(join(folder, "deep"))], ["640", "755"])
    }),
  )
})

describe("an existing file", () => {
  it.effect("that is not a database is not changed, and the message names it and the remedy", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "notes.txt")
      const notes = "remember the milk\n".repeat(500)
      writeFileSync(file, notes)
      const error = yield* Effect.flip(withStore(file, rows))
      assert.strictEqual(error._tag, "StoreUnavailable")
      assert.strictEqual(
        error.message,
        `The state file ${file} cannot be used: file is not a database. Nothing was changed. If it is the state file of formae, it is damaged: restore its last good copy, without ${file}-wal and ${file}-shm`,
      )
      assert.strictEqual(readFileSync(file, "utf8"), notes)
    }),
  )

  it.effect("that is the database of another program is not changed", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "other.db")
      change(file, "CREATE TABLE mine (x)")
      const before = readFileSync(file)
      const error = yield* Effect.flip(withStore(file, rows))
      assert.strictEqual(error._tag, "StoreUnavailable")
      assert.strictEqual(
        error.message,
        `The state file ${file} cannot be used: it is the database of another program. ${remedy}`,
      )
      assert.deepEqual(tablesOf(file), ["mine"])
      // Not a byte, and so not its journal mode either.
      assert.isTrue(before.equals(readFileSync(file)))
    }),
  )

  it.effect("of a later version is refused", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      yield* withStore(file, addRow)
      change(file, "INSERT INTO formae_migrations (migration_id, name) VALUES (9000, 'of_tomorrow')")
      const error = yield* Effect.flip(withStore(file, rows))
      assert.strictEqual(
        error.message,
        `The state file ${file} cannot be used: it was written by a later version of formae. Nothing was changed. Upgrade formae`,
      )
    }),
  )

  it.effect("whose tables cannot be created is refused, and the message names the table", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      yield* withStore(file, rows)
      change(file, "DELETE FROM formae_migrations")
      const error = yield* Effect.flip(withStore(file, rows))
      assert.include(error.message, 'Migration "1_create_inventory" failed: table resources already exists')
    }),
  )
})

describe("the database of a host", () => {
  /** Opens the store beside the tables of the host, and uses it. */
  const withDatabase = <A, E>(file: string, use: Effect.Effect<A, E, SqlClient.SqlClient>) =>
    Effect.provide(use, Layer.fresh(Store.layerFrom(NodeSqlite.layer({ filename: file }))))

  it.effect("gets the tables beside its own, and keeps them", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "host.db")
      change(file, "CREATE TABLE mine (x)")
      yield* withDatabase(file, addRow)
      assert.deepEqual(yield* withDatabase(file, rows), [["f", "l"]])
      assert.include(tablesOf(file), "mine")
    }),
  )

  it.effect("of a later version is refused, and is not changed", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "host.db")
      yield* withDatabase(file, addRow)
      change(file, "INSERT INTO formae_migrations (migration_id, name) VALUES (9000, 'of_tomorrow')")
      const before = readFileSync(file)
      const error = yield* Effect.flip(withDatabase(file, addRow))
      assert.deepInclude(error, { _tag: "LaterVersion", migration: "of_tomorrow" })
      assert.isTrue(before.equals(readFileSync(file)))
    }),
  )
})

describe("a path", () => {
  it.effect("that is a folder is refused", () =>
    Effect.gen(function* () {
      const folder = join(yield* temporaryFolder, "state")
      mkdirSync(folder)
      const error = yield* Effect.flip(withStore(folder, rows))
      assert.strictEqual(error.message, `The state file ${folder} cannot be used: it is a folder. ${remedy}`)
    }),
  )

  it.effect("in a folder that cannot be made is refused, with the reason", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "file")
      writeFileSync(file, "")
      const error = yield* Effect.flip(withStore(join(file, "state.db"), rows))
      assert.strictEqual(error._tag, "StoreUnavailable")
      assert.lengthOf(error.message.split("cannot be used"), 2)
      assert.include(error.message, join(file, "state.db"))
      assert.include(error.message, "Choose a place for the state file where this user may make files")
    }),
  )

  it.effect("in a folder that this user may not create is refused", () => {
    const readOnly = FileSystem.layerNoop({
      makeDirectory: (path) =>
        Effect.fail(
          PlatformError.systemError({
            _tag: "PermissionDenied",
            module: "FileSystem",
            method: "makeDirectory",
            pathOrDescriptor: path,
          }),
        ),
    })
    return Effect.gen(function* () {
      const error = yield* Effect.flip(
        Effect.provide(rows, Store.layerFile("/etc/state/state.db").pipe(Layer.provide([readOnly, Path.layer]))),
      )
      assert.strictEqual(
        error.message,
        `The state file /etc/state/state.db cannot be used: this user may not create its folder. ${remedy}`,
      )
    })
  })
})
