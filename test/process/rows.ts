/** Reads the present rows of a SQLite file that another process writes. */
import { existsSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import { primaryCode } from "../../src/agent/store/ResultCode.ts"

/** A code of SQLite. */
const busy = 5

interface SqliteError extends Error {
  readonly errcode: number
}

const isSqliteError = (error: unknown): error is SqliteError =>
  Predicate.isError(error) && Predicate.hasProperty(error, "errcode") && typeof error.errcode === "number"

/** Any other error is a defect. */
const sqliteError = (error: unknown): SqliteError => {
  if (isSqliteError(error)) return error
  throw error
}

/** SQLite has no code of its own for it. */
const hasNoTableYet = ({ message }: SqliteError) => message.startsWith("no such table: ")

const isLocked = ({ errcode }: SqliteError) => primaryCode(errcode) === busy

const again = Schedule.spaced("20 millis")

/** Changes rows of a SQLite file that no other process writes now, such as those of a cloud. */
export const changeIn = (file: string, sql: string): void => {
  const database = new DatabaseSync(file)
  try {
    database.exec(sql)
  } finally {
    database.close()
  }
}

const read = (file: string, sql: string): ReadonlyArray<string> => {
  if (!existsSync(file)) return []
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => String(Object.values(row)[0]))
  } finally {
    database.close()
  }
}

/**
 * The first column of each row. Empty if the file or its tables do not exist
 * yet. Waits while the file is locked, and dies of any other error.
 */
export const columnIn = (file: string, sql: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.try({ try: () => read(file, sql), catch: sqliteError }).pipe(
    Effect.retry({ while: isLocked, schedule: again }),
    Effect.catchIf(hasNoTableYet, () => Effect.succeed([])),
    Effect.orDie,
  )

/** Completes when there is such a row. Only the time limit of the test bounds it. */
export const untilIn = (file: string, sql: string) =>
  Effect.repeat(columnIn(file, sql), { until: (rows) => rows.length > 0, schedule: again })
