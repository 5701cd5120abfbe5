/** Reads rows of the inventory page by page: as a stream, or as a list of one moment. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import type { Row } from "../store/RowChecksum.ts"
import { type CheckedRows, damagedReason } from "./CheckedRows.ts"
import { inventoryColumns, type InventoryRow, type InventoryUnreadable, readRows, unreadable } from "./InventoryRow.ts"
import { pagesOfRows, type RowName } from "./pagesOfRows.ts"
import { makeSharing } from "./RowSharing.ts"

/** How many rows are read at a time. Those that the store gives take twice as much as what is made of them, and are held a page long. */
const pageSize = 64

interface Found extends RowName, Row {
  readonly checksum: string | null
}

/** The sum of the checksums of rows: together with how many there are, another one after each write of one of them. */
const sumOf = (found: ReadonlyArray<Found>): number =>
  found.reduce((sum, { checksum }) => sum + (checksum === null ? 0 : Number.parseInt(checksum, 16)), 0)

type ReadError = SqlError | InventoryUnreadable

/** The rows of one forma, or of all, by forma and label. What many of them have in common is held once. */
export const makeInventoryReads = (sql: SqlClient, checked: CheckedRows) => {
  const columns = sql.literal(`${inventoryColumns}, checksum`)
  const indexOf = sql.onDialectOrElse({ pg: () => "strpos", orElse: () => "instr" })
  // No database reads hexadecimal digits in the way of another one.
  const digits = Array.from(
    { length: 8 },
    (_, index) =>
      `CAST(${16 ** (7 - index)} AS BIGINT) * (${indexOf}('0123456789abcdef', substr(checksum, ${index + 1}, 1)) - 1)`,
  )
  const sumNow = sql.literal(`COALESCE(SUM(${digits.join(" + ")}), 0)`)

  const writtenNow = (where: Fragment) =>
    Effect.map(sql`SELECT COUNT(*), ${sumNow} FROM resources WHERE ${where}`.values, ([row]) => ({
      count: Number(row?.[0]),
      sum: Number(row?.[1]),
    }))

  const read = (rowsOf: ReturnType<typeof pagesOfRows>, share = makeSharing()) =>
    Effect.fnUntraced(function* (before: RowName | undefined, limit = sql.literal(`LIMIT ${pageSize}`)) {
      const where = rowsOf.after(before)
      const found = yield* sql<Found>`SELECT ${columns} FROM resources WHERE ${where} ORDER BY forma, label ${limit}`
      const last = found.at(-1)
      if (last === undefined) return { rows: [], sum: 0, last }
      const damaged = yield* checked.findDamaged(sql`${where} AND ${rowsOf.upTo(last)}`)
      if (damaged !== undefined) return yield* unreadable(damaged, damagedReason)
      return { rows: yield* readRows(found, share), sum: sumOf(found), last }
    })

  /** Those of all formae. What is written meanwhile may be in it or not. */
  const stream: Stream.Stream<InventoryRow, ReadError> = Stream.suspend(() => {
    const readPage = read(pagesOfRows(sql, {}))
    return Stream.paginate<RowName | undefined, InventoryRow, ReadError>(
      undefined,
      Effect.fnUntraced(function* (before) {
        const { last, rows } = yield* readPage(before)
        return [rows, rows.length < pageSize ? Option.none() : Option.fromNullishOr(last)] as const
      }),
    )
  })

  /**
   * The rows as they are at one moment. Pages are enough where nothing was written
   * between them, as one more statement tells. Otherwise one statement gives all:
   * a transaction would hold a connection, and on SQLite keep writers waiting.
   */
  const list = Effect.fnUntraced(function* (
    forma: string | undefined,
  ): Effect.fn.Return<ReadonlyArray<InventoryRow>, ReadError> {
    const rowsOf = pagesOfRows(sql, { forma })
    const readPage = read(rowsOf)
    const rows: Array<InventoryRow> = []
    let sum = 0
    let page = yield* readPage(undefined)
    if (page.rows.length < pageSize) return page.rows
    while (true) {
      rows.push(...page.rows)
      sum += page.sum
      if (page.rows.length < pageSize) break
      page = yield* readPage(page.last)
    }
    const now = yield* writtenNow(rowsOf.selected)
    const isOne = now.count === rows.length && now.sum === sum
    return isOne ? rows : (yield* readPage(undefined, sql.literal(""))).rows
  })

  return { list, stream }
}
