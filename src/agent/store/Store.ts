/**
 * The durable store of an agent: a SQLite database that has the tables of this
 * version, and the vault for its secrets. Everything above uses only SQL that
 * Postgres understands too.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import type { MigrationError } from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { makeFolder } from "./DurableFolder.ts"
import { accessTo, checkContent, checkFiles, FileRefused, keyOf } from "./FileCheck.ts"
import { copyOf } from "./FileCopy.ts"
import { conditionOf, notWritable, StoreCondition, troubleOf } from "./FileTrouble.ts"
import { lastMigration, migrations } from "./migrations.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { Vault } from "./Vault.ts"

const generalRemedy =
  "Check that it is a state file of formae and that its folder is writable, or use another state file"

/** The state file cannot be opened, or its tables cannot be brought to this version. Nothing was changed. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>("formae/agent/store/StoreUnavailable")(
  "StoreUnavailable",
  {
    file: Schema.String,
    condition: StoreCondition,
    reason: Schema.String,
    /** What can be done about it, as a sentence. */
    remedy: Schema.optionalKey(Schema.String),
  },
) {
  override get message(): string {
    return `The state file ${this.file} cannot be used: ${this.reason}. Nothing was changed. ${this.remedy ?? generalRemedy}`
  }
}

export { StoreCondition }

/** What an error says is wrong with the state file. Undefined where it says nothing about the file. */
export const conditionOfError = (error: SqlError): StoreCondition | undefined => {
  const code = NodeSqlite.codeOf(error)
  return code === undefined ? undefined : conditionOf(code)
}

type StoreLayer = Layer.Layer<SqlClient | Vault, StoreUnavailable, FileSystem.FileSystem | Path.Path>

const migrationsTable = "formae_migrations"
const migrate = Migrator.make({})({ loader: Migrator.fromRecord(migrations), table: migrationsTable })

/** Refuses the database of another program, or of a later version of formae, before anything is written to it. */
const refuseForeign = Effect.gen(function* () {
  const sql = yield* SqlClient
  const found = yield* sql`SELECT name FROM sqlite_schema WHERE type = 'table'`.values
  const tables = found.map(([name]) => name)
  if (tables.length === 0) return
  if (!tables.includes(migrationsTable))
    return yield* new FileRefused({ condition: "Foreign", reason: "it is the database of another program" })
  const later = yield* sql`SELECT name FROM ${sql(migrationsTable)} WHERE migration_id > ${lastMigration}`.values
  if (later.length > 0)
    return yield* new FileRefused({
      condition: "LaterVersion",
      reason: "it was written by a later version of formae: upgrade formae",
    })
})

type OpenError = FileRefused | SqlError | MigrationError | PlatformError

/** A migration reports only that it failed; the reason is in its cause. */
const unavailable =
  (file: string) =>
  (error: OpenError): StoreUnavailable => {
    if (error._tag === "FileRefused") {
      const { condition, reason, remedy } = error
      return new StoreUnavailable({ file, condition, reason, ...(remedy === undefined ? {} : { remedy }) })
    }
    const sqlError = isSqlError(error) ? error : isSqlError(error.cause) ? error.cause : undefined
    if (sqlError === undefined) return new StoreUnavailable({ file, condition: "Other", reason: error.message })
    const message = NodeSqlite.messageOf(sqlError)
    const code = NodeSqlite.codeOf(sqlError)
    const trouble = code === undefined ? undefined : troubleOf(file, code, message)
    if (trouble !== undefined) return new StoreUnavailable({ file, ...trouble })
    const reason = sqlError === error ? message : `${error.message}: ${message}`
    return new StoreUnavailable({ file, condition: "Other", reason })
  }

/** Makes the file for its owner alone: SQLite would let everybody read it. */
const makeFile = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(path.resolve(file))
  yield* Effect.mapError(makeFolder(fs, path, folder), (error) =>
    error.reason._tag === "PermissionDenied"
      ? new FileRefused({ condition: "NotWritable", reason: "this user may not create its folder" })
      : error,
  )
  yield* fs.writeFile(file, new Uint8Array(), { flag: "wx", mode: 0o600 }).pipe(
    // Another formae has just made it, or one that was killed right after it made it.
    Effect.catchIf(
      ({ reason }) => reason._tag === "AlreadyExists",
      () => Effect.void,
    ),
    Effect.mapError((error) =>
      error.reason._tag === "PermissionDenied" ? new FileRefused(notWritable("its folder")) : error,
    ),
  )
})

/** Opens a file that this user may write. */
const layerWritable = (file: string) => {
  const prepare = Effect.gen(function* () {
    if (yield* checkFiles(file)) yield* checkContent(file, refuseForeign)
    else yield* makeFile(file)
  })
  // Checked again once it is open: it may have changed since it was prepared.
  return layerMigrated(NodeSqlite.layer({ filename: file }), refuseForeign).pipe(
    Layer.provide(Layer.effectDiscard(prepare)),
  )
}

/**
 * Opens the state file, and makes it and its folder where they are missing.
 * The key of its secrets is in `FILE.key`. Fails with `StoreUnavailable` where
 * the file cannot be read or written, is damaged, or is not a state file that
 * this version can use.
 */
export const layerFile = (file: string): StoreLayer => {
  const checkAccess = Effect.flatMap(accessTo(file), ({ trouble }) =>
    trouble === undefined ? Effect.void : Effect.fail(new FileRefused(trouble)),
  )
  return layerWritable(file).pipe(
    Layer.provide(Layer.effectDiscard(checkAccess)),
    Layer.catch((error) => Layer.effect(SqlClient, Effect.fail(unavailable(file)(error)))),
    Layer.merge(Vault.layerFile(keyOf(file))),
  )
}

/**
 * Opens the state file for a command that changes nothing in it. A file that
 * this user may only read is read from a temporary copy, because SQLite cannot
 * read a file without writing next to it, and because its tables may be those
 * of an earlier version. Fails as `layerFile` does.
 */
export const layerFileToRead = (file: string): StoreLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { isReadOnly } = yield* accessTo(file)
      if (!isReadOnly) return layerFile(file)
      const copy = yield* Effect.mapError(copyOf(file), unavailable(file))
      return layerWritable(copy).pipe(
        Layer.catch((error) => Layer.effect(SqlClient, Effect.fail(unavailable(file)(error)))),
        Layer.merge(Vault.layerFile(keyOf(file))),
      )
    }),
  )

/**
 * The store in a database that the host has opened, such as one behind a client
 * of its own. Makes its tables, or brings them to this version; nothing else may
 * write to them. The secrets need a key too: `Vault.layerKey` or
 * `Vault.layerFile`. Fails with `SqlError` or `MigrationError` where the tables
 * cannot be made.
 */
export const layerFrom = <E, R>(
  client: Layer.Layer<SqlClient, E, R>,
): Layer.Layer<SqlClient, E | MigrationError | SqlError, R> => layerMigrated(client, Effect.void)

/** A store in memory, which is gone when the layer is released: for tests. */
export const layerMemory: Layer.Layer<SqlClient | Vault> = layerMigrated(
  NodeSqlite.layer({ filename: ":memory:" }),
  Effect.void,
).pipe(Layer.orDie, Layer.merge(Vault.layerMemory))

function layerMigrated<E, R, E2>(client: Layer.Layer<SqlClient, E, R>, check: Effect.Effect<void, E2, SqlClient>) {
  return Layer.effectDiscard(Effect.andThen(check, migrate)).pipe(Layer.provideMerge(client))
}
