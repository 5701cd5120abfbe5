/** The tables of a state in a schema of Postgres: made, brought to this version, or refused. */
import * as Effect from "effect/Effect"
import type { MigrationError } from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { FileRefused } from "../FileRefused.ts"
import { lastMigration } from "../migrations.ts"
import { refuseForeignTables } from "../refuseForeign.ts"
import { migrate, migrationsTable, reachedStep } from "../StoreTables.ts"
import { keepAway } from "./PostgresLock.ts"
import { foreignTables, noSchema, noSessions } from "./PostgresTrouble.ts"

/** Made by this role where it is missing and the role may. A role that has its schema needs no right to make others. */
const ensureSchema = Effect.fnUntraced(function* (schema: string) {
  const sql = yield* SqlClient
  const found = yield* sql`SELECT 1 FROM pg_namespace WHERE nspname = ${schema}`
  if (found.length === 0) {
    const [row] = yield* sql`SELECT current_user::text, has_database_privilege(current_database(), 'CREATE')`.values
    if (row?.[1] !== true) return yield* new FileRefused(noSchema(schema, String(row?.[0])))
    yield* sql`CREATE SCHEMA ${sql(schema)}`
  }
  const [current] = yield* sql`SELECT current_schema()`.values
  if (current?.[0] !== schema) return yield* new FileRefused(noSessions(`the session has lost its schema "${schema}"`))
})

/** As SQLite compares, in each table of now and of later steps: what is sorted and cut by names is the same in both. */
const compareByBytes = Effect.gen(function* () {
  const sql = yield* SqlClient
  const columns = yield* sql`
    SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> ${migrationsTable}
    AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'text'::regtype AND a.attcollation <> 'pg_catalog."C"'::regcollation`
    .values
  const tables = Map.groupBy(columns, ([table]) => String(table))
  for (const [table, found] of tables) {
    const changes = found.map(([, column]) => sql`ALTER COLUMN ${sql(String(column))} TYPE text COLLATE "C"`)
    yield* sql`ALTER TABLE ${sql(table)} ${sql.csv(changes)}`
  }
})

/**
 * Makes the tables, or brings them to this version: all of it or nothing, and by
 * one agent at a time. Refuses a schema of another program, tables of a later
 * version, and to change those on which an earlier one works.
 */
export const prepareTables = Effect.fnUntraced(function* (
  schema: string,
): Effect.fn.Return<void, FileRefused | MigrationError | SqlError, SqlClient> {
  const sql = yield* SqlClient
  if ((yield* reachedStep) === lastMigration) return
  yield* sql.withTransaction(
    Effect.gen(function* () {
      yield* sql`SELECT pg_advisory_xact_lock(hashtextextended(${`formae tables ${schema}`}, 0))`
      yield* ensureSchema(schema)
      yield* refuseForeignTables(foreignTables(schema))
      const reached = yield* reachedStep
      if (reached !== undefined && reached < lastMigration) yield* keepAway
      yield* migrate
      yield* compareByBytes
    }),
  )
})
