/** Deletes commands and operations that ended long ago. */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { type CheckedRows, checkedRows } from "./CheckedRows.ts"

/** How long commands that have ended are kept, with their operations. */
const keptMillis = 30 * 24 * 60 * 60 * 1000

/** Deletes what ended long ago and left nothing open. A command that can be resumed has not ended. */
export const makeDeleteEnded = (sql: SqlClient, commands: CheckedRows) => {
  const operations = checkedRows(sql, "operations")

  /** What a clock that was ahead has written would be kept for as much longer: its time begins now. */
  const redate = Effect.fnUntraced(function* (rows: CheckedRows, table: string, id: string, time: string, now: number) {
    const ahead = yield* sql`SELECT ${sql(id)} FROM ${sql(table)} WHERE ${sql(time)} > ${now}`.values
    for (const [key] of ahead) {
      const one = sql`${sql(id)} = ${String(key)}`
      yield* rows.update(one, sql`UPDATE ${sql(table)} SET ${sql(time)} = ${now} WHERE ${one}`)
    }
  })

  return Effect.fnUntraced(function* (now: number): Effect.fn.Return<void, SqlError> {
    const before = now - keptMillis
    yield* redate(operations, "operations", "operation_id", "updated_at", now)
    yield* redate(commands, "commands", "command_id", "ended_at", now)
    yield* sql`
      DELETE FROM operations WHERE settled = 1 AND updated_at < ${before}
        AND command_id NOT IN (SELECT command_id FROM commands WHERE status IN ('running', 'canceled'))`
    yield* sql`
      DELETE FROM commands WHERE status NOT IN ('running', 'canceled') AND ended_at < ${before}
        AND NOT EXISTS (SELECT 1 FROM operations WHERE operations.command_id = commands.command_id)`
  })
}
