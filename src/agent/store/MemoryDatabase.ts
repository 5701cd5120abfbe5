/** Databases in memory, with the tables of this version. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as NodeSqlite from "./NodeSqlite.ts"
import { migrate } from "./StoreTables.ts"

const filename = ":memory:"

/** What the migrations make of an empty database. A host that tests opens thousands, and they take longer than most tests. */
let made: string | undefined

/** Statements that insert the rows of a table. */
const insertsInto = Effect.fnUntraced(function* (sql: SqlClient, table: string) {
  const columns = yield* sql`SELECT name FROM pragma_table_info(${table})`.values
  const quoted = columns.map(([name]) => `quote("${String(name)}")`).join(` || ', ' || `)
  const rows = yield* sql.unsafe(`SELECT ${quoted} FROM "${table}"`).values
  return rows.map(([values]) => `INSERT INTO "${table}" VALUES (${String(values)})`)
})

/** All that makes the tables, the indexes and the rows of a database. */
const contentOf = Effect.gen(function* () {
  const sql = yield* SqlClient
  const schema = yield* sql`SELECT sql, name, type FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid`.values
  const tables = schema.flatMap(([, name, type]) => (type === "table" ? [String(name)] : []))
  const inserts = yield* Effect.forEach(tables, (table) => insertsInto(sql, table))
  return ["BEGIN", ...schema.map(([statement]) => String(statement)), ...inserts.flat(), "COMMIT"].join(";\n")
})

const migrated = Effect.tap(migrate, () =>
  Effect.map(contentOf, (content) => {
    made = content
  }),
)

/** A new database with each build of the layer, which ends with it. The first one in a process is migrated, and the others begin as it did. */
export const layer: Layer.Layer<SqlClient> = Layer.unwrap(
  Effect.sync((): Layer.Layer<SqlClient, SqlError> => {
    if (made !== undefined) return NodeSqlite.layer({ filename, content: made })
    return Layer.provideMerge(Layer.effectDiscard(Effect.orDie(migrated)), NodeSqlite.layer({ filename }))
  }),
).pipe(Layer.orDie)
