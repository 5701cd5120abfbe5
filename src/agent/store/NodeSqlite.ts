/**
 * `node:sqlite` behind Effect's SqlClient. The driver that Effect publishes
 * does not match 4.1 yet; delete this file when one does.
 *
 * One connection, synchronous calls, statements prepared once. A statement
 * that finds the file locked waits in SQLite for a moment, because most locks
 * are short; after that it waits here, so that everything else continues.
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
import { type Trouble, troubleOf, unfitFileSystem } from "./FileTrouble.ts"
import { type PragmaRefused, setPragma } from "./Pragma.ts"
import { makeWriteCount } from "./WriteCount.ts"
import { guardWrites, type WriteGuard } from "./WriteGuard.ts"

type Row = Record<string, unknown>

/** Throws for a value that SQLite cannot hold: that is a mistake in a statement of ours. */
const toInput = (value: unknown): SQLInputValue => {
  if (value === null || value === undefined) return null
  if (typeof value === "boolean") return value ? 1 : 0
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value
  if (Predicate.isUint8Array(value)) return value
  throw new TypeError(`SQLite cannot hold a value of the type ${typeof value}`)
}

/** An error of SQLite, with its result code. */
const isSqliteError = (cause: unknown): cause is Error & { readonly errcode: number } =>
  Predicate.isError(cause) && Predicate.hasProperty(cause, "errcode") && typeof cause.errcode === "number"

/** The result code of SQLite in what it threw. Undefined where the error is not SQLite's. */
export const sqliteCodeOf = (cause: unknown): number | undefined => (isSqliteError(cause) ? cause.errcode : undefined)

/** The result code of SQLite. Undefined where the error is not SQLite's. */
export const codeOf = ({ reason: { cause } }: SqlError): number | undefined => sqliteCodeOf(cause)

/** The message of SQLite, without what this driver adds to it. */
export const messageOf = ({ message, reason: { cause } }: SqlError): string =>
  isSqliteError(cause) ? cause.message : message

/** Whether a write failed because its file was removed or replaced. */
export const isTaken = ({ reason: { cause } }: SqlError): boolean => Predicate.isTagged(cause, "FileTaken")

/** The one thing that is asked of SQLite and that it may not have: a file system has to be fit for it. */
const isPragmaRefused = (cause: unknown): cause is PragmaRefused => Predicate.isTagged(cause, "PragmaRefused")

const troubleIn = (filename: string, cause: unknown): Trouble | undefined => {
  if (isPragmaRefused(cause)) return unfitFileSystem(cause.message)
  return isSqliteError(cause) ? troubleOf(filename, cause.errcode, cause.message) : undefined
}

/** What is wrong with the file `filename`. Undefined where the error says nothing about it. */
export const troubleOfError = (filename: string, { reason: { cause } }: SqlError): Trouble | undefined =>
  troubleIn(filename, cause)

/** The error of an operation on `filename`. Copies the result code to `errno`, where Effect looks for it in the errors of other drivers. */
export const sqlErrorOf =
  (filename: string) =>
  (operation: string) =>
  (cause: unknown): SqlError => {
    if (isSqliteError(cause)) Object.assign(cause, { errno: cause.errcode })
    const text = Predicate.isError(cause) ? cause.message : String(cause)
    const trouble = troubleIn(filename, cause)
    const message =
      trouble === undefined ? text : `The state file ${filename} cannot be used: ${trouble.reason}. ${trouble.remedy}`
    return new SqlError({ reason: classifySqliteError(cause, { operation, message }) })
  }

const isLocked = (error: SqlError): boolean => error.reason._tag === "LockTimeoutError"

/** How long SQLite itself may wait for a lock: the whole process stands still meanwhile. */
const busyTimeoutMillis = 50

/** A lock that is held for longer than this will not be released soon. */
const lockSchedule = Schedule.upTo(Schedule.spaced("20 millis"), { duration: "5 seconds" })

/** What certainly writes nothing, or only begins to. */
const writesNothing = /^\s*(SELECT|PRAGMA|BEGIN|SAVEPOINT|RELEASE|ROLLBACK)/i

const makeConnection = (
  database: DatabaseSync,
  sqlError: ReturnType<typeof sqlErrorOf>,
  guard: WriteGuard | undefined,
): Connection => {
  let hasWritten = false

  const guarded = <A>(sql: string, run: () => A): A => {
    if (guard === undefined) return run()
    if (sql.startsWith("BEGIN")) hasWritten = false
    if (writesNothing.test(sql)) return run()
    const isCommit = sql === "COMMIT"
    const count = isCommit && hasWritten ? guard.beforeCommit() : undefined
    const result = run()
    if (!isCommit) hasWritten = true
    if (!database.isTransaction && hasWritten) guard.afterWrite(count)
    return result
  }

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
    return Effect.catchIf(once, isLocked, () => Effect.retry(once, { schedule: lockSchedule, while: isLocked }))
  }

  const rows = (sql: string, params: ReadonlyArray<unknown>): ReadonlyArray<Row> =>
    guarded(sql, () => statement(sql).all(...params.map(toInput)))

  /** Rows as arrays: in an object, two columns with the same name would become one. */
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
    executeRaw: (sql, params) =>
      attempt("executeRaw", () => guarded(sql, () => statement(sql).run(...params.map(toInput)))),
    executeValues: (sql, params) => attempt("executeValues", () => guarded(sql, () => values(statement(sql), params))),
    executeValuesUnprepared: (sql, params) =>
      attempt("executeValues", () => guarded(sql, () => values(database.prepare(sql), params))),
    executeUnprepared: (sql, params, transform) =>
      attempt("execute", () => {
        const found: ReadonlyArray<Row> = guarded(sql, () => database.prepare(sql).all(...params.map(toInput)))
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

/** FULL, by the number that SQLite answers with. */
const synchronousFull = 2

/** The name of a database that has no file. */
const memory = ":memory:"

/** Two processes that open a new file at the same time block each other for a few milliseconds. */
const openSchedule = Schedule.upTo(Schedule.spaced("20 millis"), { times: 100 })

/**
 * `write` switches the file to a write-ahead log. `read` changes nothing in it.
 * `keepJournalMode` does not switch it, but rolls back a write that was cut
 * off, as every writer does.
 */
export type OpenMode = "keepJournalMode" | "read" | "write"

export interface NodeSqliteOptions {
  /** A path, or `:memory:`. */
  readonly filename: string
  /** `write` by default. */
  readonly mode?: OpenMode
  /** Statements that make what a new database begins with. */
  readonly content?: string
  /**
   * The path by which the next command will open the file, which may be a link
   * to it. Where it is given, each write fails that this path would not find
   * any more, and transactions are counted in `FILE.writes`.
   */
  readonly foundAt?: string
}

const make = Effect.fnUntraced(function* ({
  content,
  filename,
  foundAt,
  mode = "write",
}: NodeSqliteOptions): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const sqlError = sqlErrorOf(filename)
  const database = yield* Effect.acquireRelease(
    Effect.try({
      try: () => {
        const opened = new DatabaseSync(filename, { readOnly: mode === "read" })
        try {
          setPragma(opened, "busy_timeout", busyTimeoutMillis)
          if (mode !== "write") return opened
          // What is in memory has no log.
          if (filename !== memory) setPragma(opened, "journal_mode", "wal")
          // What is recorded must survive a power failure, not only the end of the process.
          setPragma(opened, "synchronous", synchronousFull)
          // By default SQLite writes what savepoints may undo to `/var/tmp`: five sixths of all that an apply wrote.
          opened.exec("PRAGMA temp_store = MEMORY")
          if (content !== undefined) opened.exec(content)
          return opened
        } catch (error) {
          // Only now does it turn out whether the file is a database, and it must not stay open.
          opened.close()
          throw error
        }
      },
      catch: sqlError("open"),
    }),
    (opened) => Effect.sync(() => opened.close()),
  ).pipe(
    // Unlike everything else, the switch to a write-ahead log does not wait for a lock.
    Effect.retry({ schedule: openSchedule, while: isLocked }),
  )
  const count = makeWriteCount(database, filename)
  yield* Effect.addFinalizer(() => Effect.sync(count.close))
  const guard = foundAt === undefined ? undefined : guardWrites(count, filename, foundAt)
  const connection = makeConnection(database, sqlError, guard)
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
    // All our transactions write. One that begins as a reader may have read outdated rows by the time it writes.
    beginTransaction: "BEGIN IMMEDIATE",
  })
})

/** An SqlClient for one SQLite file. Fails with `SqlError` where the file cannot be opened. */
export const layer = (options: NodeSqliteOptions): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))
