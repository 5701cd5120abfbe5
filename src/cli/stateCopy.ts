/** Looks into a state without changing anything: only a copy is read. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { checkRights } from "../agent/store/checkRights.ts"
import { copyOf } from "../agent/store/FileCopy.ts"
import * as NodeSqlite from "../agent/store/NodeSqlite.ts"

/** A state of a hundred thousand resources. What is larger is not copied for a look. */
const mostBytes = 256n * 1024n * 1024n

/** A view or a virtual table, and a column that is computed, runs what somebody else wrote, and need not end. */
const isPlainTable = (definition: unknown): boolean =>
  typeof definition === "string" && /^CREATE TABLE /i.test(definition) && !/\bAS\b/i.test(definition)

/** The state is not what a look can be taken at: `TooLarge`, or a table of it is missing or is not a plain one. */
export type NoLook = "TooLarge" | "NotPlain"

const definitions = (sql: SqlClient, tables: ReadonlyArray<string>) =>
  Effect.forEach(
    tables,
    (table) => sql`SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = ${table}`.values,
  )

/** What `look` finds in the tables of a state, of which it reads no others. One of more than `most` bytes is not copied. */
export const lookIntoState = <A, E>(
  file: string,
  tables: ReadonlyArray<string>,
  look: (sql: SqlClient) => Effect.Effect<A, E>,
  most = mostBytes,
) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    yield* checkRights(file)
    if ((yield* fs.stat(file)).size > most) return yield* Effect.fail<NoLook>("TooLarge")
    const copy = yield* copyOf(file)
    const read = Effect.gen(function* () {
      const sql = yield* SqlClient
      const found = yield* definitions(sql, tables)
      if (!found.every(([table]) => isPlainTable(table?.[0]))) return yield* Effect.fail<NoLook>("NotPlain")
      return yield* look(sql)
    })
    return yield* Effect.provide(read, Layer.fresh(NodeSqlite.layer({ filename: copy, mode: "read" })))
  }).pipe(Effect.scoped)
