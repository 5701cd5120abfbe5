import * as Effect from "effect/Effect"
import { SqlClient } from "effect/sql/SqlClient"
import { FileRefused } from "./FileRefused.ts"
import { migrationsTable, refuseLater } from "./StoreTables.ts"

/** Refuses the database of another program, or of a later version of formae, before anything is written to it. */
export const refuseForeign = Effect.gen(function* () {
  const sql = yield* SqlClient
  const found = yield* sql`SELECT name FROM sqlite_schema WHERE type = 'table'`.values
  const tables = found.map(([name]) => name)
  if (tables.length === 0) return
  if (!tables.includes(migrationsTable))
    return yield* new FileRefused({ condition: "Foreign", reason: "it is the database of another program" })
  yield* Effect.mapError(refuseLater, (error) =>
    error._tag === "LaterVersion"
      ? new FileRefused({
          condition: "LaterVersion",
          reason: "it was written by a later version of formae",
          remedy: "Upgrade formae",
        })
      : error,
  )
})
