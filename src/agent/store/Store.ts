/** The durable store: a database with its tables in place. SQLite by default; what is above keeps to SQL that Postgres knows too. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { lastMigration, migrations } from "./migrations.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { Vault } from "./Vault.ts"

/** The store can not be opened, or not brought to the tables of this version. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>("formae/agent/store/StoreUnavailable")(
  "StoreUnavailable",
  { file: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `The state file ${this.file} can not be used: ${this.reason}. Nothing was changed. Check that it is a state file of formae and that its folder can be written, or name another one with --state`
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
  if (!tables.includes(migrationsTable)) return yield* Effect.fail({ message: "it is the database of something else" })
  const later = yield* sql`SELECT name FROM ${sql(migrationsTable)} WHERE migration_id > ${lastMigration}`.values
  if (later.length > 0)
    return yield* Effect.fail({ message: "a later version of formae has written it: upgrade formae" })
})

interface Failure {
  readonly message: string
  readonly cause?: unknown
}

/** A migration says only that it failed; why is in its cause. */
const reasonOf = ({ cause, message }: Failure): string =>
  Predicate.isTagged(cause, "SqlError") && Predicate.hasProperty(cause, "message")
    ? `${message}: ${String(cause.message)}`
    : message

/** Opens the state file, and makes it and its folder where they are missing. The key of its secrets is beside it. */
export const layerFile = (
  file: string,
): Layer.Layer<SqlClient | Vault, StoreUnavailable, FileSystem.FileSystem | Path.Path> => {
  const unavailable = (error: Failure) => new StoreUnavailable({ file, reason: reasonOf(error) })
  const folder = Layer.effectDiscard(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const found = yield* Effect.option(fs.stat(file))
      if (found._tag === "Some" && found.value.type === "Directory") {
        return yield* Effect.fail({ message: "it is a folder" })
      }
      if (found._tag === "Some" && found.value.size > 0n) {
        // What is somebody else's is not touched: to open it as ours would change how it is written.
        return yield* Effect.provide(
          refuseWhatIsNotOurs,
          Layer.fresh(NodeSqlite.layer({ filename: file, readOnly: true })),
        )
      }
      const folder = path.dirname(path.resolve(file))
      yield* Effect.mapError(fs.makeDirectory(folder, { recursive: true, mode: 0o700 }), ({ message, reason }) => ({
        message: reason._tag === "PermissionDenied" ? "its folder may not be made" : message,
      }))
      // Made here, because SQLite would let everybody read it. Why it can not be made is told when it is opened.
      yield* Effect.ignore(fs.writeFile(file, new Uint8Array(), { flag: "wx", mode: 0o600 }))
    }),
  )
  // Once more as it is opened: what the look has seen may have been changed since.
  return layerMigrated(NodeSqlite.layer({ filename: file }), refuseWhatIsNotOurs).pipe(
    Layer.provide(folder),
    Layer.catch((error) => Layer.effect(SqlClient, Effect.fail(unavailable(error)))),
    Layer.merge(Vault.layerFile(`${file}.key`)),
  )
}

/** A store that lives as long as its layer: for tests. */
export const layerMemory: Layer.Layer<SqlClient | Vault> = layerMigrated(
  NodeSqlite.layer({ filename: ":memory:" }),
  Effect.void,
).pipe(Layer.orDie, Layer.merge(Vault.layerMemory))

function layerMigrated<E, E2>(client: Layer.Layer<SqlClient, E>, check: Effect.Effect<void, E2, SqlClient>) {
  return Layer.effectDiscard(Effect.andThen(check, migrate)).pipe(Layer.provideMerge(client))
}
