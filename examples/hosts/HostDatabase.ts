/** A database of the host's own: one connection of `node:sqlite`, behind Effect's SqlClient. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import { makeCompilerSqlite } from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"

const toInput = (value: unknown): SQLInputValue => {
  if (value instanceof Uint8Array || typeof value === "string" || typeof value === "number") return value
  return value === null || value === undefined ? null : String(value)
}

const connectionOf = (database: DatabaseSync): Connection => {
  const attempt = <A>(run: () => A) =>
    Effect.try({ try: run, catch: (cause) => new SqlError({ reason: classifySqliteError(cause, {}) }) })
  const execute: Connection["execute"] = (sql, params, transform = (rows) => rows) =>
    attempt(() => transform(database.prepare(sql).all(...params.map(toInput))))
  const executeValues: Connection["executeValues"] = (sql, params) =>
    attempt(() => {
      const statement = database.prepare(sql)
      statement.setReturnArrays(true)
      return statement.all(...params.map(toInput)).map((row) => Object.values(row))
    })
  return {
    execute,
    executeUnprepared: execute,
    executeValues,
    executeValuesUnprepared: executeValues,
    executeRaw: (sql, params) => attempt(() => database.prepare(sql).run(...params.map(toInput))),
    executeStream: (sql, params, transform) =>
      Stream.unwrap(Effect.map(execute(sql, params, transform), Stream.fromIterable)),
  }
}

export const layerHostDatabase = (file: string) =>
  Layer.effect(
    SqlClient.SqlClient,
    Effect.gen(function* () {
      const open = Effect.sync(() => new DatabaseSync(file))
      const database = yield* Effect.acquireRelease(open, (opened) => Effect.sync(() => opened.close()))
      const acquirers = SqlClient.makeSqliteAcquirers({
        connection: Effect.succeed(connectionOf(database)),
        semaphore: yield* Semaphore.make(1),
        isTransaction: () => database.isTransaction,
      })
      return yield* SqlClient.make({ ...acquirers, compiler: makeCompilerSqlite(), driver: "host", spanAttributes: [] })
    }),
  ).pipe(Layer.provide(Reactivity.layer))
