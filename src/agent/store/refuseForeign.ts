import * as Effect from "effect/Effect"
import { FileRefused } from "./FileRefused.ts"
import { migrationsTable, refuseLater, tableNames } from "./StoreTables.ts"

/** Refuses the tables of another program with `foreign`, or those of a later version of formae, before anything is written to them. */
export const refuseForeignTables = Effect.fnUntraced(function* (foreign: Pick<FileRefused, "reason" | "remedy">) {
  const tables = yield* tableNames
  if (tables.length === 0) return
  if (!tables.includes(migrationsTable)) return yield* new FileRefused({ condition: "Foreign", ...foreign })
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

/** Refuses the file of another program, or of a later version of formae. */
export const refuseForeign = refuseForeignTables({ reason: "it is the database of another program" })
