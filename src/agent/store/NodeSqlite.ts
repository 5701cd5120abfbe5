/**
 * `node:sqlite` behind Effect's SqlClient. The driver that Effect publishes
 * does not match 4.1 yet; when it does, this file goes.
 *
 * One connection, synchronous calls, statements prepared once. A statement
 * that finds the file locked waits in SQLite for a moment, because most locks
 * are short; from then on it waits here, so that all else goes on.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import { makeCompilerSqlite } from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { troubleOf } from "./FileTrouble.ts"

type Row = Record<string, unknown>

/** Values that SQLite can hold; anything else is a mistake in a statement of ours. */
const toInput = (value: unknown): SQLInputValue => {
  if (value === null || value === undefined) return null
  if (typeof value === "boolean") return value ? 1 : 0
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`SQLite can not hold a value of the type ${typeof value}`)
}

/** What SQLite says of an error beside its message. */
const hasCode = (cause: unknown): cause is Error & { readonly errcode: number } =>
  cause instanceof Error && Predicate.hasProperty(cause, "errcode") && typeof cause.errcode === "number"

/** The number that SQLite gave to what went wrong. */
export const codeOf = ({ reason: { cause } }: SqlError): number | undefined =>
  hasCode(cause) ? cause.errcode : undefined

/** What SQLite said itself. */
export const saidBy = ({ message, reason: { cause } }: SqlError): string => (hasCode(cause) ? cause.message : message)

/** What SQLite threw. Its number is where Effect looks for it in other drivers' errors: in `errno`, not in `errcode`. */
const sqlErrorOf =
  (filename: string) =>
  (operation: string) =>
  (cause: unknown): SqlError => {
    if (hasCode(cause)) Object.assign(cause, { errno: cause.errcode })
    const said = cause instanceof Error ? cause.message : String(cause)
    const trouble = hasCode(cause) ? troubleOf(filename, cause.errcode, said) : undefined
    const message =
      trouble === undefined ? said : `The state file ${filename} can not be used: ${trouble.reason}. ${trouble.wayOut}`
    return new SqlError({ reason: classifySqliteError(cause, { operation, message }) })
  }

const isLocked = (error: SqlError): boolean => error.reason._tag === "LockTimeoutError"

/** How long SQLite may wait for a lock by itself: the whole process stands still then. */
const busyTimeoutMillis = 50

/** A lock that another process holds for longer than this is not one that is given back soon. */
const lockedAgain = Schedule.upTo(Schedule.spaced("20 millis"), { duration: "5 seconds" })

const makeConnection = (database: DatabaseSync, sqlError: ReturnType<typeof sqlErrorOf>): Connection => {
  const prepared = new Map<string, StatementSync>()

  const statement = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const fresh = database.prepare(sql)
    prepared.set(sql, fresh)
    return fresh
  }

  const attempt = <A>(operation: string, run: () => A): Effect.Effect<A, SqlError> => {
    const once = Effect.try({ try: run, catch: sqlError(operation) })
    return Effect.catchIf(once, isLocked, () => Effect.retry(once, { schedule: lockedAgain, while: isLocked }))
  }

  const rows = (sql: string, params: ReadonlyArray<unknown>): ReadonlyArray<Row> =>
    statement(sql).all(...params.map(toInput))

  /** Rows as arrays: as objects, two columns of one name would be one. */
  const values = (prepared: StatementSync, params: ReadonlyArray<unknown>): ReadonlyArray<ReadonlyArray<unknown>> => {
    prepared.setReturnArrays(true)
    try {
      return prepared.all(...params.map(toInput)).map((row) => Object.values(row))
    } finally {
      prepared.setReturnArrays(false)
    }
  }

  return {
    execute: (sql, params, transform) =>
      attempt("execute", () => (transform === undefined ? rows(sql, params) : transform(rows(sql, params)))),
    executeRaw: (sql, params) => attempt("executeRaw", () => statement(sql).run(...params.map(toInput))),
    executeValues: (sql, params) => attempt("executeValues", () => values(statement(sql), params)),
    executeValuesUnprepared: (sql, params) => attempt("executeValues", () => values(database.prepare(sql), params)),
    executeUnprepared: (sql, params, transform) =>
      attempt("execute", () => {
        const found: ReadonlyArray<Row> = database.prepare(sql).all(...params.map(toInput))
        return transform === undefined ? found : transform(found)
      }),
    executeStream: (sql, params, transform) =>
      Stream.unwrap(
        Effect.map(
          attempt("executeStream", () => (transform === undefined ? rows(sql, params) : transform(rows(sql, params)))),
          Stream.fromIterable,
        ),
      ),
  }
}

/** Two first openings of one file get in each other's way for some milliseconds. */
const openAgain = Schedule.upTo(Schedule.spaced("20 millis"), { times: 100 })

export interface NodeSqliteOptions {
  /** A path, or `:memory:`. */
  readonly filename: string
  /** Nothing of the file is changed then, also not how it is written. */
  readonly readOnly?: boolean
  /** How it is written is not changed. What was cut off in it is taken back, as whoever opens it does. */
  readonly asItIs?: boolean
}

const make = Effect.fnUntraced(function* ({
  asItIs = false,
  filename,
  readOnly = false,
}: NodeSqliteOptions): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const sqlError = sqlErrorOf(filename)
  const database = yield* Effect.acquireRelease(
    Effect.try({
      try: () => {
        const opened = new DatabaseSync(filename, { readOnly })
        try {
          opened.exec(`PRAGMA busy_timeout = ${busyTimeoutMillis}`)
          if (readOnly || asItIs) return opened
          opened.exec("PRAGMA journal_mode = WAL")
          // What is recorded must survive the power going, not only the process.
          opened.exec("PRAGMA synchronous = FULL")
          return opened
        } catch (error) {
          // Whether a file is a database is only seen now, and it must not stay open.
          opened.close()
          throw error
        }
      },
      catch: sqlError("open"),
    }),
    (opened) => Effect.sync(() => opened.close()),
  ).pipe(
    // The switch to a write-ahead log does not wait for a lock, as all else does.
    Effect.retry({ schedule: openAgain, while: isLocked }),
  )
  const connection = makeConnection(database, sqlError)
  const semaphore = yield* Semaphore.make(1)
  return yield* SqlClient.make({
    ...SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(connection),
      semaphore,
      isTransaction: () => database.isTransaction,
    }),
    compiler: makeCompilerSqlite(),
    driver: "node-sqlite",
    spanAttributes: [["db.system.name", "sqlite"]],
    prepareTransactionControls: true,
    // All of ours write. One that begins as a reader may find, when it is to write, that it has read what is no more.
    beginTransaction: "BEGIN IMMEDIATE",
  })
})

export const layer = (options: NodeSqliteOptions): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))
