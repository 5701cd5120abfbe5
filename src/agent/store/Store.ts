/** The durable store: a database with its tables in place. SQLite by default; what is above keeps to SQL that Postgres knows too. */
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
import { copyOf } from "./FileCopy.ts"
import { FileRefused, keyOf, lookAtFiles, lookInside, rightsTo } from "./FileCheck.ts"
import { notWritable, troubleOf } from "./FileTrouble.ts"
import { lastMigration, migrations } from "./migrations.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { Vault } from "./Vault.ts"

const usualWayOut =
  "Check that it is a state file of formae and that its folder can be written, or name another one with --state"

/** The store can not be opened, or not brought to the tables of this version. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>("formae/agent/store/StoreUnavailable")(
  "StoreUnavailable",
  { file: Schema.String, reason: Schema.String, wayOut: Schema.optionalKey(Schema.String) },
) {
  override get message(): string {
    return `The state file ${this.file} can not be used: ${this.reason}. Nothing was changed. ${this.wayOut ?? usualWayOut}`
  }
}

const migrationsTable = "formae_migrations"
const migrate = Migrator.make({})({ loader: Migrator.fromRecord(migrations), table: migrationsTable })

/** Fails where a SQLite file is not for this version to write: before anything is written. */
const refuseWhatIsNotOurs = Effect.gen(function* () {
  const sql = yield* SqlClient
  const found = yield* sql`SELECT name FROM sqlite_schema WHERE type = 'table'`.values
  const tables = found.map(([name]) => name)
  if (tables.length === 0) return
  if (!tables.includes(migrationsTable))
    return yield* new FileRefused({ reason: "it is the database of something else" })
  const later = yield* sql`SELECT name FROM ${sql(migrationsTable)} WHERE migration_id > ${lastMigration}`.values
  if (later.length > 0)
    return yield* new FileRefused({ reason: "a later version of formae has written it: upgrade formae" })
})

type OpeningFailed = FileRefused | SqlError | MigrationError | PlatformError

/** A migration says only that it failed; why is in its cause. */
const unavailable =
  (file: string) =>
  (error: OpeningFailed): StoreUnavailable => {
    if (error._tag === "FileRefused") {
      const { reason, wayOut } = error
      return new StoreUnavailable({ file, reason, ...(wayOut === undefined ? {} : { wayOut }) })
    }
    const sqlError = isSqlError(error) ? error : isSqlError(error.cause) ? error.cause : undefined
    if (sqlError === undefined) return new StoreUnavailable({ file, reason: error.message })
    const said = NodeSqlite.saidBy(sqlError)
    const code = NodeSqlite.codeOf(sqlError)
    const trouble = code === undefined ? undefined : troubleOf(file, code, said)
    if (trouble !== undefined) return new StoreUnavailable({ file, ...trouble })
    return new StoreUnavailable({ file, reason: sqlError === error ? said : `${error.message}: ${said}` })
  }

/** Makes the file for its owner alone: SQLite would let everybody read it. */
const makeFile = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(path.resolve(file))
  yield* Effect.mapError(makeFolder(fs, path, folder), (error) =>
    error.reason._tag === "PermissionDenied" ? new FileRefused({ reason: "its folder may not be made" }) : error,
  )
  yield* fs.writeFile(file, new Uint8Array(), { flag: "wx", mode: 0o600 }).pipe(
    // By another one that begins at the same time, or by a first one that was killed as it began.
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
  const look = Effect.gen(function* () {
    if (yield* lookAtFiles(file)) yield* lookInside(file, refuseWhatIsNotOurs)
    else yield* makeFile(file)
  })
  // Once more as it is opened: what the look has seen may have been changed since.
  return layerMigrated(NodeSqlite.layer({ filename: file }), refuseWhatIsNotOurs).pipe(
    Layer.provide(Layer.effectDiscard(look)),
  )
}

type Opened = Layer.Layer<SqlClient | Vault, StoreUnavailable, FileSystem.FileSystem | Path.Path>

/** Opens the state file, and makes it and its folder where they are missing. The key of its secrets is beside it. */
export const layerFile = (file: string): Opened => {
  const mayWrite = Effect.flatMap(rightsTo(file), ({ refused }) =>
    refused === undefined ? Effect.void : Effect.fail(new FileRefused(refused)),
  )
  return layerWritable(file).pipe(
    Layer.provide(Layer.effectDiscard(mayWrite)),
    Layer.catch((error) => Layer.effect(SqlClient, Effect.fail(unavailable(file)(error)))),
    Layer.merge(Vault.layerFile(keyOf(file))),
  )
}

/**
 * Opens the state file for a command that changes nothing of it. One that this
 * user may not write is read from a copy, for SQLite can not read a file
 * without writing beside it, and its tables may be those of an earlier version.
 */
export const layerFileToRead = (file: string): Opened =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { mayOnlyRead } = yield* rightsTo(file)
      if (!mayOnlyRead) return layerFile(file)
      const copy = yield* Effect.mapError(copyOf(file), unavailable(file))
      return layerWritable(copy).pipe(
        Layer.catch((error) => Layer.effect(SqlClient, Effect.fail(unavailable(file)(error)))),
        Layer.merge(Vault.layerFile(keyOf(file))),
      )
    }),
  )

/** A store that lives as long as its layer: for tests. */
export const layerMemory: Layer.Layer<SqlClient | Vault> = layerMigrated(
  NodeSqlite.layer({ filename: ":memory:" }),
  Effect.void,
).pipe(Layer.orDie, Layer.merge(Vault.layerMemory))

function layerMigrated<E, E2>(client: Layer.Layer<SqlClient, E>, check: Effect.Effect<void, E2, SqlClient>) {
  return Layer.effectDiscard(Effect.andThen(check, migrate)).pipe(Layer.provideMerge(client))
}
