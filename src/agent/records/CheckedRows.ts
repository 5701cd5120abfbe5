/** Writes and checks the rows of a table whose rows have a checksum. */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { checksumOf, isDamaged, type Row } from "../store/RowChecksum.ts"

/** What a user is told about a damaged row, after its name. */
export const damagedReason =
  "its checksum does not match: a value in it has changed since formae wrote it. If you have changed it yourself, set its column checksum to NULL"

/** Those that write need a transaction of their caller: the row and its checksum are two statements. */
export interface CheckedRows {
  /**
   * Runs a statement that writes the one row that `isRow` selects, and gives the
   * row its new checksum. A row that was damaged before stays so: an update does
   * not make it right.
   */
  readonly update: (isRow: Fragment, statement: Fragment) => Effect.Effect<void, SqlError>
  /** The same, for a statement that inserts the row or replaces each value of it. */
  readonly put: (isRow: Fragment, statement: Fragment) => Effect.Effect<void, SqlError>
  /** `update` of a row that is selected in another way before the statement than after it. */
  readonly move: (wasRow: Fragment, isRow: Fragment, statement: Fragment) => Effect.Effect<void, SqlError>
  /** The first damaged row among those that `where` selects. */
  readonly findDamaged: (where: Fragment) => Effect.Effect<Row | undefined, SqlError>
}

export const checkedRows = (sql: SqlClient, table: string): CheckedRows => {
  const select = (where: Fragment): Effect.Effect<ReadonlyArray<Row>, SqlError> =>
    sql`SELECT * FROM ${sql(table)} WHERE ${where}`

  // The row itself says what was stored: another version may have columns that this one does not write.
  const put: CheckedRows["put"] = (isRow, statement) =>
    Effect.flatMap(sql<Row>`${statement} RETURNING *`, ([row]) =>
      row === undefined
        ? Effect.void
        : Effect.asVoid(sql`UPDATE ${sql(table)} SET checksum = ${checksumOf(row)} WHERE ${isRow}`),
    )

  const move: CheckedRows["move"] = (wasRow, isRow, statement) =>
    Effect.flatMap(select(wasRow), ([row]) =>
      row !== undefined && isDamaged(row) ? Effect.asVoid(sql`${statement}`) : put(isRow, statement),
    )

  return {
    put,
    move,
    update: (isRow, statement) => move(isRow, isRow, statement),
    findDamaged: (where) => Effect.map(select(where), (rows) => rows.find(isDamaged)),
  }
}
