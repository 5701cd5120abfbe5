/** Reads rows of the inventory page by page: as a stream, or as a list of one moment. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Row } from "../store/RowChecksum.ts"
import { type CheckedRows, damagedReason } from "./CheckedRows.ts"
import { inventoryColumns, type InventoryRow, type InventoryUnreadable, readRows, unreadable } from "./InventoryRow.ts"
import { pagesOfRows } from "./pagesOfRows.ts"
import { makeSharing } from "./RowSharing.ts"

/** How many rows are read at a time. Those that the store gives take twice as much as what is made of them, and are held a page long. */
const pageSize = 64

/** What of a row changes with each operation and each rename. */
interface Version extends Row {
  readonly forma: string
  readonly label: string
  readonly nativeId: string
  readonly updatedAt: number
}

const versionOf = ({ forma, label, nativeId, updatedAt }: Version): string =>
  JSON.stringify([forma, label, nativeId, updatedAt])

type ReadError = SqlError | InventoryUnreadable

/** The rows of one forma, or of all, by forma and label. What many of them have in common is held once. */
export const makeInventoryReads = (sql: SqlClient, checked: CheckedRows) => {
  const version = sql.literal(`forma, label, native_id AS "nativeId", updated_at AS "updatedAt"`)
  const columns = sql.literal(`${inventoryColumns}, updated_at AS "updatedAt"`)

  const read = (rowsOf: ReturnType<typeof pagesOfRows>, share = makeSharing()) =>
    Effect.fnUntraced(function* (before: Version | undefined, limit = sql.literal(`LIMIT ${pageSize}`)) {
      const where = rowsOf.after(before)
      const found = yield* sql<Version>`SELECT ${columns} FROM resources WHERE ${where} ORDER BY forma, label ${limit}`
      const last = found.at(-1)
      if (last === undefined) return { rows: [], versions: [], last }
      const damaged = yield* checked.findDamaged(sql`${where} AND ${rowsOf.upTo(last)}`)
      if (damaged !== undefined) return yield* unreadable(damaged, damagedReason)
      return { rows: yield* readRows(found, share), versions: found.map(versionOf), last }
    })

  /** Those of all formae. What is written meanwhile may be in it or not. */
  const stream: Stream.Stream<InventoryRow, ReadError> = Stream.suspend(() => {
    const readPage = read(pagesOfRows(sql, {}))
    return Stream.paginate<Version | undefined, InventoryRow, ReadError>(
      undefined,
      Effect.fnUntraced(function* (before) {
        const { last, rows } = yield* readPage(before)
        return [rows, rows.length < pageSize ? Option.none() : Option.fromNullishOr(last)] as const
      }),
    )
  })

  /**
   * The rows as they are at one moment. Pages are enough where nothing was written
   * between them, which costs a look at the keys. Otherwise one statement gives
   * all: a transaction would hold a connection, and on SQLite keep writers waiting.
   */
  const list = Effect.fnUntraced(function* (
    forma: string | undefined,
  ): Effect.fn.Return<ReadonlyArray<InventoryRow>, ReadError> {
    const rowsOf = pagesOfRows(sql, { forma })
    const readPage = read(rowsOf)
    const rows: Array<InventoryRow> = []
    const versions: Array<string> = []
    let page = yield* readPage(undefined)
    if (page.rows.length < pageSize) return page.rows
    while (true) {
      rows.push(...page.rows)
      versions.push(...page.versions)
      if (page.rows.length < pageSize) break
      page = yield* readPage(page.last)
    }
    const now = yield* sql<Version>`SELECT ${version} FROM resources WHERE ${rowsOf.selected} ORDER BY forma, label`
    const isOne = now.length === versions.length && now.every((one, index) => versionOf(one) === versions[index])
    return isOne ? rows : (yield* read(rowsOf)(undefined, sql.literal(""))).rows
  })

  return { list, stream }
}
