/** Writes and checks the rows of a table whose rows have a checksum. */
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { checksumOf, isDamaged, type Row } from "../store/RowChecksum.ts"

/** What a user is told about a damaged row, after its name. */
export const damagedReason =
  "its checksum does not match: a value in it has changed since formae wrote it. If you have changed it yourself, set its column checksum to NULL"

export interface CheckedRows {
  /**
   * Runs a statement that writes the one row that `isRow` selects, and gives the
   * row its new checksum, in one transaction. A row that was damaged before
   * stays so: an update does not make it right.
   */
  readonly update: <A, E>(isRow: Fragment, statement: Effect.Effect<A, E>) => Effect.Effect<A, E | SqlError>
  /** The same, for a statement that inserts the row or replaces each value of it. */
  readonly put: <A, E>(isRow: Fragment, statement: Effect.Effect<A, E>) => Effect.Effect<A, E | SqlError>
  /** `update` of a row that is selected in another way before the statement than after it. */
  readonly move: <A, E>(
    wasRow: Fragment,
    isRow: Fragment,
    statement: Effect.Effect<A, E>,
  ) => Effect.Effect<A, E | SqlError>
  /** The first damaged row among those that `where` selects. */
  readonly findDamaged: (where: Fragment) => Effect.Effect<Row | undefined, SqlError>
}

export const checkedRows = (sql: SqlClient, table: string): CheckedRows => {
  const select = (where: Fragment): Effect.Effect<ReadonlyArray<Row>, SqlError> =>
    sql`SELECT * FROM ${sql(table)} WHERE ${where}`

  const put: CheckedRows["put"] = (isRow, statement) =>
    sql.withTransaction(
      Effect.tap(
        statement,
        Effect.fnUntraced(function* () {
          const [row] = yield* select(isRow)
          if (row !== undefined) yield* sql`UPDATE ${sql(table)} SET checksum = ${checksumOf(row)} WHERE ${isRow}`
        }),
      ),
    )

  const move: CheckedRows["move"] = (wasRow, isRow, statement) =>
    sql.withTransaction(
      Effect.flatMap(select(wasRow), ([row]) =>
        row !== undefined && isDamaged(row) ? statement : put(isRow, statement),
      ),
    )

  return {
    put,
    move,
    update: (isRow, statement) => move(isRow, isRow, statement),
    findDamaged: (where) => Effect.map(select(where), (rows) => rows.find(isDamaged)),
  }
}
