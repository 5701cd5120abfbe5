/** Copies all that a state has into another one, which may be in another kind of database, and compares both afterwards. */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { checksumColumn, checksumOf, type Row } from "./RowChecksum.ts"
import { migrationsTable, primaryKeyOf, tableNamesIn } from "./StoreTables.ts"

/** A state was not copied. The target is as it was. */
export class CopyRefused extends Schema.TaggedError<CopyRefused>("formae/agent/store/CopyRefused")("CopyRefused", {
  /** Why, in words. */
  reason: Schema.String,
}) {
  override get message(): string {
    return `The state was not copied: ${this.reason}`
  }
}

/** One table that was copied. */
export interface CopiedTable {
  readonly table: string
  readonly rows: number
}

/** Who waits and who holds is not of the state, but of the agents that work on it. */
const ofAgents: ReadonlySet<string> = new Set(["claims", "claim_keys"])

/** Each step of the migrations has put one row there. */
const withFirstRow: ReadonlySet<string> = new Set(["state_ownership", "claim_clock"])

/** These name a holder: the target has none, and a later epoch. */
const ownedBy: Readonly<Record<string, ReadonlyArray<string>>> = {
  state_ownership: ["owner", "kind", "pid", "host", "process_start", "since"],
  holders: ["runner"],
}

const pageSize = 500

/** Reads a table page by page, in the order of its key: each page begins after the last row of the one before. Empty at the end. */
const makePages = Effect.fnUntraced(function* (sql: SqlClient, table: string) {
  const key = yield* primaryKeyOf(sql, table)
  const columns = sql.csv(key.map((column) => sql`${sql(column)}`))
  let after: Fragment = sql`1 = 1`
  const next = Effect.gen(function* () {
    const rows = yield* sql<Row>`SELECT * FROM ${sql(table)} WHERE ${after} ORDER BY ${columns} LIMIT ${pageSize}`
    const last = rows.at(-1)
    if (last !== undefined) after = sql`(${columns}) > (${sql.csv(key.map((column) => sql`${last[column]}`))})`
    return rows
  })
  return { next }
})

/** Postgres cannot hold it in a text, and says so only of the whole statement. */
const refuseNul = (table: string, rows: ReadonlyArray<Row>) => {
  for (const row of rows) {
    const found = Object.entries(row).find(([, value]) => typeof value === "string" && value.includes("\0"))
    if (found !== undefined) {
      return Effect.fail(
        new CopyRefused({
          reason: `the column ${found[0]} of a row in ${table} has a NUL, which Postgres does not hold`,
        }),
      )
    }
  }
  return Effect.void
}

const hasRows = (sql: SqlClient, table: string) =>
  Effect.map(sql`SELECT 1 FROM ${sql(table)} LIMIT 1`, (rows) => rows.length > 0)

/** Refuses a target that anything was written to. */
const refuseUsed = Effect.fnUntraced(function* (to: SqlClient, tables: ReadonlyArray<string>) {
  for (const table of tables) {
    // The proof of its key is written when it is opened.
    if (withFirstRow.has(table) || table === "key_proof") continue
    if (yield* hasRows(to, table)) {
      return yield* new CopyRefused({ reason: `there is something in the target already, in the table ${table}` })
    }
  }
})

const copyTable = Effect.fnUntraced(function* (from: SqlClient, to: SqlClient, table: string) {
  const checks = to.onDialectOrElse({ pg: () => true, orElse: () => false })
  const { next } = yield* makePages(from, table)
  yield* to`DELETE FROM ${to(table)}`
  let count = 0
  while (true) {
    const rows = yield* next
    if (!Arr.isReadonlyArrayNonEmpty(rows)) return count
    if (checks) yield* refuseNul(table, rows)
    yield* to`INSERT INTO ${to(table)} ${to.insert(rows)}`
    count += rows.length
  }
})

/** All that a row says, its checksum too, by columns that may come in another order. */
const textOf = (row: Row | undefined): string =>
  row === undefined ? "" : `${checksumOf(row)} ${String(row[checksumColumn])} ${Object.keys(row).length}`

const refuseDifferent = Effect.fnUntraced(function* (from: SqlClient, to: SqlClient, table: string) {
  const [pagesThere, pagesHere] = [yield* makePages(from, table), yield* makePages(to, table)]
  let before = 0
  while (true) {
    const [there, here] = [yield* pagesThere.next, yield* pagesHere.next]
    const length = Math.max(there.length, here.length)
    if (length === 0) return
    for (let at = 0; at < length; at++) {
      if (textOf(there[at]) === textOf(here[at])) continue
      return yield* new CopyRefused({
        reason: `row ${before + at + 1} of the table ${table} is not the same in the copy. Nothing was kept of the copy`,
      })
    }
    before += length
  }
})

/**
 * Copies the tables of one state into another one, all or nothing, and reads both
 * again to compare them row by row. What is locked stays locked, with the same
 * key. The copy has no holder, and a later epoch. Both have the tables of this
 * version, and nobody else may write to the target meanwhile. `tell` hears of
 * each table. Fails with `CopyRefused` where something is in the target already.
 */
export const copyTables = Effect.fnUntraced(function* (
  from: SqlClient,
  to: SqlClient,
  tell: (copied: CopiedTable) => Effect.Effect<void>,
): Effect.fn.Return<ReadonlyArray<CopiedTable>, CopyRefused | SqlError> {
  const tables = (yield* tableNamesIn(to))
    .filter((table) => table !== migrationsTable && !ofAgents.has(table))
    .toSorted()
  const copied: Array<CopiedTable> = []
  const asOfNow = from.onDialectOrElse({
    pg: () => from`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`,
    orElse: () => from`SELECT 1`,
  })
  const copyAll = Effect.gen(function* () {
    yield* asOfNow
    yield* refuseUsed(to, tables)
    for (const table of tables) {
      const one = { table, rows: yield* copyTable(from, to, table) }
      copied.push(one)
      yield* refuseDifferent(from, to, table)
      yield* tell(one)
    }
    for (const [table, columns] of Object.entries(ownedBy)) {
      const nobody = columns.map((column) => to`${to(column)} = NULL`)
      yield* to`UPDATE ${to(table)} SET epoch = epoch + 1, ${to.csv(nobody)}`
    }
  })
  yield* to.withTransaction(from.withTransaction(copyAll))
  return copied
})
