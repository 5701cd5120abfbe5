/** What is open in a state, for somebody who decides whether to trust it. Only a copy is looked at, and nothing in it is changed. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { checkRights } from "../../agent/store/checkRights.ts"
import { copyOf } from "../../agent/store/FileCopy.ts"
import * as NodeSqlite from "../../agent/store/NodeSqlite.ts"
import { firstOf } from "./questionLines.ts"

/** A state of a hundred thousand resources. What is larger is not copied for a question. */
const mostBytes = 256n * 1024n * 1024n

/** A view or a virtual table, and a column that is computed, runs what somebody else wrote, and need not end. */
const isPlainTable = (definition: unknown): boolean =>
  typeof definition === "string" && /^CREATE TABLE /i.test(definition) && !/\bAS\b/i.test(definition)

const readOpen = Effect.gen(function* () {
  const sql = yield* SqlClient
  const [table] = yield* sql`SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'operations'`.values
  if (!isPlainTable(table?.[0])) return undefined
  return yield* sql`SELECT kind, forma, label FROM operations WHERE settled = 0 ORDER BY started_at, label LIMIT 1000`
    .values
})

const unreadable = ["its open operations cannot be read"]

/** The lines to show. */
export const openOperationsIn = (file: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    yield* checkRights(file)
    if ((yield* fs.stat(file)).size > mostBytes) return ["it is too large to be looked into here"]
    const copy = yield* copyOf(file)
    const open = yield* Effect.provide(readOpen, Layer.fresh(NodeSqlite.layer({ filename: copy, mode: "read" })))
    if (open === undefined) return unreadable
    if (open.length === 0) return ["no operation is open in it"]
    const names = open.map(([kind, forma, label]) => `${String(kind).toLowerCase()} ${String(forma)}/${String(label)}`)
    return [`open in it, and continued by the next command on it: ${firstOf(names)}`]
  }).pipe(
    Effect.scoped,
    Effect.orElseSucceed(() => unreadable),
  )
