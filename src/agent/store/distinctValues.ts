/** The different values of a column that an index begins with: a look for each of them, and not for each row. */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** In the order of the index. A table of a million rows that has five values takes six looks. */
export const distinctValues = (
  sql: SqlClient,
  table: string,
  column: string,
): Effect.Effect<ReadonlyArray<string>, SqlError> => {
  const [rows, value] = [sql(table), sql(column)]
  return Effect.map(
    sql`
      WITH RECURSIVE found (value) AS (
        SELECT MIN(${value}) FROM ${rows}
        UNION ALL
        SELECT (SELECT MIN(${value}) FROM ${rows} WHERE ${value} > found.value) FROM found WHERE found.value IS NOT NULL)
      SELECT value FROM found WHERE value IS NOT NULL`.values,
    (found) => found.map(([one]) => String(one)),
  )
}
