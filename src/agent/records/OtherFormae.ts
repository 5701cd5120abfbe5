/** What a plan needs to know of the rows of other formae: those that may be its own things, and no more, because there may be a million. */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { ResourceType } from "../../protocol/Identity.ts"
import { type CheckedRows, damagedReason } from "./CheckedRows.ts"
import { inventoryColumns, type InventoryRow, type InventoryUnreadable, readRows, unreadable } from "./InventoryRow.ts"
import { inChunks } from "./inChunks.ts"

/** What says which thing a row may be, without its place. */
export type ThingName = Pick<InventoryRow, "nativeId" | "type">

export const makeOtherFormae = (sql: SqlClient, checked: CheckedRows) => {
  const columns = sql.literal(inventoryColumns)
  return {
    withType: Effect.fn("Inventory.withType")(function* (
      forma: string,
      types: Iterable<ResourceType>,
    ): Effect.fn.Return<ReadonlySet<ResourceType>, SqlError> {
      const found = yield* Effect.filter([...new Set(types)], (type) =>
        Effect.map(
          sql`SELECT 1 FROM resources WHERE type = ${type} AND forma <> ${forma} LIMIT 1`.values,
          (rows) => rows.length > 0,
        ),
      )
      return new Set(found)
    }),
    like: Effect.fn("Inventory.like")(function* (
      forma: string,
      things: Iterable<ThingName>,
    ): Effect.fn.Return<ReadonlyArray<InventoryRow>, SqlError | InventoryUnreadable> {
      const found: Array<InventoryRow> = []
      for (const [type, ofType] of Map.groupBy(things, (one) => one.type)) {
        for (const ids of inChunks([...new Set(ofType.map(({ nativeId }) => nativeId))])) {
          const where = sql`type = ${type} AND ${sql.in("native_id", Arr.map(ids, String))} AND forma <> ${forma}`
          const rows = yield* sql`SELECT ${columns} FROM resources WHERE ${where} ORDER BY forma, label`
          if (rows.length === 0) continue
          const damaged = yield* checked.findDamaged(where)
          if (damaged !== undefined) return yield* unreadable(damaged, damagedReason)
          found.push(...(yield* readRows(rows)))
        }
      }
      return found
    }),
  }
}
