/**
 * Which rows of the table `resources` stand on a page, by forma and label. In
 * rows of one forma its ends are said by the label alone: beside `forma = ?`,
 * SQLite does not seek to a pair of values, and each page would look at all
 * rows before it.
 */
import type { SqlClient } from "effect/sql/SqlClient"
import type { Fragment } from "effect/sql/Statement"
import type { InventoryRow } from "./InventoryRow.ts"

/** Which rows are meant. All of them if both are left out. */
export interface RowSelection {
  /** The name of a forma. */
  readonly forma?: string | undefined
  /** Labels of resources. */
  readonly labels?: ReadonlyArray<string> | undefined
}

export type RowName = Pick<InventoryRow, "forma" | "label">

export const pagesOfRows = (sql: SqlClient, { forma, labels }: RowSelection) => {
  const column = sql.literal(forma === undefined ? "(forma, label)" : "label")
  const place = (row: RowName): Fragment =>
    forma === undefined ? sql`(${row.forma}, ${row.label})` : sql`${row.label}`
  const selected = sql.and([
    forma === undefined ? sql`1 = 1` : sql`forma = ${forma}`,
    labels === undefined ? sql`1 = 1` : sql.in("label", labels),
  ])
  return {
    selected,
    /** Those that come after the last one of the page before. */
    after: (last: RowName | undefined): Fragment =>
      last === undefined ? selected : sql`${selected} AND ${column} > ${place(last)}`,
    /** Those that come no later than the last one of a page. */
    upTo: (last: RowName): Fragment => sql`${column} <= ${place(last)}`,
  }
}
