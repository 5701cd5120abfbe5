/** Reads the present rows of a SQLite file that another process writes. */
import { existsSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** The first column of each row. Empty if the file or its tables do not exist yet. */
export const columnIn = (file: string, sql: string) =>
  Effect.sync((): ReadonlyArray<string> => {
    if (!existsSync(file)) return []
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      return database
        .prepare(sql)
        .all()
        .map((row) => String(Object.values(row)[0]))
    } catch {
      return []
    } finally {
      database.close()
    }
  })

/** Completes when there is such a row. Only the time limit of the test bounds it. */
export const untilIn = (file: string, sql: string) =>
  Effect.repeat(columnIn(file, sql), {
    until: (rows) => rows.length > 0,
    schedule: Schedule.spaced("20 millis"),
  })
