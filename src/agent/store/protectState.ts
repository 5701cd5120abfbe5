/** The step that lets damage and mistaken identity be noticed: of rows, of the key, of documents. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import { checksumOf, type Row } from "./RowChecksum.ts"

/** The tables whose rows have a checksum, with the columns that identify a row. */
const checkedTables = {
  resources: ["forma", "label"],
  operations: ["operation_id"],
  commands: ["command_id"],
} as const

const addChecksums = Effect.fnUntraced(function* (table: string, keys: ReadonlyArray<string>) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE ${sql(table)} ADD COLUMN checksum TEXT`
  const rows: ReadonlyArray<Row> = yield* sql`SELECT * FROM ${sql(table)}`
  for (const row of rows) {
    const isRow = sql.and(keys.map((key) => sql`${sql(key)} = ${String(row[key])}`))
    yield* sql`UPDATE ${sql(table)} SET checksum = ${checksumOf(row)} WHERE ${isRow}`
  }
})

export const protectState = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(Object.entries(checkedTables), ([table, keys]) => addChecksums(table, keys))
  // Where the document of a forma was last: a second document of the same name is noticed.
  yield* sql`
    CREATE TABLE documents (
      forma TEXT NOT NULL PRIMARY KEY,
      path TEXT,
      relative_path TEXT,
      adopted_from TEXT,
      applied_at BIGINT NOT NULL
    )`
  // A MAC under the key of this state, by which the key of another one is noticed. At most one row.
  yield* sql`CREATE TABLE key_proof (id INTEGER NOT NULL PRIMARY KEY, mac TEXT NOT NULL)`
})
