/** The tables of formae in a database: how far they have come, and how they come to this version. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Migrator from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { lastMigration, migrations } from "./migrations.ts"

/** The tables of formae in the database of a host were made by a later version of formae. Nothing was changed. Upgrade formae. */
export class LaterVersion extends Schema.TaggedError<LaterVersion>("formae/agent/store/LaterVersion")("LaterVersion", {
  /** The first change of the tables that this version does not know. */
  migration: Schema.String,
}) {
  override get message(): string {
    return `The tables of formae in this database are those of a later version (${this.migration}). Nothing was changed. Upgrade formae`
  }
}

export const migrationsTable = "formae_migrations"

/** Brings the tables to this version. Leaves those of a later version as they are. */
export const migrate = Migrator.make({})({ loader: Migrator.fromRecord(migrations), table: migrationsTable })

const firstColumn = (rows: ReadonlyArray<ReadonlyArray<unknown>>): ReadonlyArray<string> =>
  rows.map(([name]) => String(name))

/** The names of the tables of the database, or of the schema. Each database keeps them elsewhere. */
export const tableNamesIn = (sql: SqlClient): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.map(
    sql.onDialectOrElse({
      pg: () => sql`SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`.values,
      orElse: () => sql`SELECT name FROM sqlite_schema WHERE type = 'table'`.values,
    }),
    firstColumn,
  )

export const tableNames = SqlClient.use(tableNamesIn)

/** The columns of the key of a table, in their order. */
export const primaryKeyOf = (sql: SqlClient, table: string): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.map(
    sql.onDialectOrElse({
      pg: () =>
        sql`
        SELECT a.attname FROM pg_index i
        CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = to_regclass(${table}) AND i.indisprimary ORDER BY k.position`.values,
      orElse: () => sql`SELECT name FROM pragma_table_info(${table}) WHERE pk > 0 ORDER BY pk`.values,
    }),
    firstColumn,
  )

/** The number of the last step that the tables have taken. Undefined where there are none. */
export const reachedStep = Effect.gen(function* () {
  const sql = yield* SqlClient
  if (!(yield* tableNames).includes(migrationsTable)) return undefined
  const [row] = yield* sql`SELECT MAX(migration_id) FROM ${sql(migrationsTable)}`.values
  return Number(row?.[0])
})

/** Refuses tables that a later version of formae has made. They must exist. */
export const refuseLater = Effect.gen(function* () {
  const sql = yield* SqlClient
  const later =
    yield* sql`SELECT name FROM ${sql(migrationsTable)} WHERE migration_id > ${lastMigration} ORDER BY migration_id`
      .values
  const [first] = later
  if (first !== undefined) return yield* new LaterVersion({ migration: String(first[0]) })
})
