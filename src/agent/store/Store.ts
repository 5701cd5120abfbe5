/** The durable store: a database with its tables in place. SQLite by default; what is above keeps to SQL that Postgres knows too. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import type { SqlClient } from "effect/sql/SqlClient"
import { migrations } from "./migrations.ts"
import * as NodeSqlite from "./NodeSqlite.ts"

/** The store can not be opened, or not brought to the tables of this version. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>("formae/agent/store/StoreUnavailable")(
  "StoreUnavailable",
  { file: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `The state file ${this.file} can not be used: ${this.reason}. Nothing was changed. Check that it is a state file of formae and that its folder can be written, or name another one with --state`
  }
}

const migrate = Migrator.make({})({ loader: Migrator.fromRecord(migrations), table: "formae_migrations" })

/** Opens the state file, and makes it and its folder where they are missing. */
export const layerFile = (
  file: string,
): Layer.Layer<SqlClient, StoreUnavailable, FileSystem.FileSystem | Path.Path> => {
  const unavailable = (error: { readonly message: string }) => new StoreUnavailable({ file, reason: error.message })
  const folder = Layer.effectDiscard(
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      yield* fs.makeDirectory(path.dirname(path.resolve(file)), { recursive: true })
    }).pipe(Effect.mapError(unavailable)),
  )
  return layerMigrated(NodeSqlite.layer({ filename: file })).pipe(
    Layer.provide(folder),
    Layer.catch((error) => Layer.effectDiscard(Effect.fail(unavailable(error)))),
  ) as never
}

/** A store that lives as long as its layer: for tests. */
export const layerMemory: Layer.Layer<SqlClient> = layerMigrated(NodeSqlite.layer({ filename: ":memory:" })).pipe(
  Layer.orDie,
)

function layerMigrated<E>(client: Layer.Layer<SqlClient, E>) {
  return Layer.effectDiscard(migrate).pipe(Layer.provideMerge(client))
}
