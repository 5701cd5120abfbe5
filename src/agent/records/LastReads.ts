/** LastReads: what syncs have read of resources, beside what is wanted. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import type { StateLock } from "../store/StateLock.ts"
import type { Row } from "../store/RowChecksum.ts"
import { checkedRows, damagedReason } from "./CheckedRows.ts"
import { makeDriftHistory, type PastDrift } from "./DriftHistory.ts"
import { inventoryColumns, type InventoryRow, type InventoryUnreadable, readRows, unreadable } from "./InventoryRow.ts"
import type { JournalUnreadable } from "./JournalUnreadable.ts"
import { driftedPaths, type FoundNow, LastRead, lastReadAfter } from "./LastRead.ts"
import { pagesOfRows, type RowSelection } from "./pagesOfRows.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"

/** A row of the inventory, and what says whether it is still the same. */
export interface RowToRead {
  /** The row as it is in the inventory. */
  readonly row: InventoryRow
  /** Another one after each write of the row. */
  readonly version: string
}

/**
 * What became of a read: `Recorded`; `Changed`: the row is no longer the one
 * that it was for; `Open`: an operation on the resource has not ended.
 */
export type Recording =
  | {
      readonly _tag: "Recorded"
      /** What was recorded, with the times at which each difference was first seen. */
      readonly lastRead: LastRead
    }
  | { readonly _tag: "Changed" }
  | { readonly _tag: "Open" }

/** Fails with `SqlError` where the state cannot be read or written, and with the other errors of `StateError` where it may not be written. */
export class LastReads extends Context.Service<
  LastReads,
  {
    /** The rows to read, by forma and label, page by page: a page is one chunk, and the next is read when it is asked for. */
    readonly pages: (selection: RowSelection) => Stream.Stream<RowToRead, SqlError | InventoryUnreadable>
    /** The names of the rows that are selected, or of so many of them. */
    readonly names: (
      selection?: RowSelection,
      atMost?: number,
    ) => Effect.Effect<ReadonlyArray<Pick<InventoryRow, "forma" | "label">>, SqlError>
    /** Whether an operation on a resource has not ended. */
    readonly isOpen: (row: Pick<InventoryRow, "forma" | "label">) => Effect.Effect<boolean, SqlError>
    /** Records what was read of a row, if it is still the same row. */
    readonly record: (read: RowToRead, found: FoundNow) => Effect.Effect<Recording, StateError>
    /** When drift of a resource appeared and went, oldest first. What is over is kept for 30 days. */
    readonly history: (
      row: Pick<InventoryRow, "forma" | "label">,
    ) => Effect.Effect<ReadonlyArray<PastDrift>, SqlError | JournalUnreadable>
  }
>()("formae/agent/records/LastReads") {
  /** Keeps them with the inventory, in the state that this agent holds. */
  static readonly layerNoDeps = Layer.effect(
    LastReads,
    Effect.gen(function* () {
      const ownership = yield* StateOwnership
      const sql = yield* SqlClient.SqlClient
      const checked = checkedRows(sql, "resources")
      const columns = sql.literal(inventoryColumns)
      const history = makeDriftHistory(sql, yield* SecureRandom.SecureRandom)

      const readPage = (selection: RowSelection) => {
        const rowsOf = pagesOfRows(sql, selection)
        return Effect.fnUntraced(function* (before: InventoryRow | undefined) {
          const where = rowsOf.after(before)
          const found: ReadonlyArray<Row> = yield* sql`
            SELECT ${columns}, checksum, updated_at AS "updatedAt"
            FROM resources WHERE ${where} ORDER BY forma, label LIMIT ${pageSize}`
          const rows = yield* readRows(found)
          const last = rows.at(-1)
          if (last === undefined) return [[], Option.none()] as const
          const damaged = yield* checked.findDamaged(sql`${where} AND ${rowsOf.upTo(last)}`)
          if (damaged !== undefined) return yield* unreadable(damaged, damagedReason)
          const page = rows.map((row, index): RowToRead => ({ row, version: versionOf(found[index] ?? {}) }))
          return [page, rows.length < pageSize ? Option.none() : Option.some(last)] as const
        })
      }

      const isOpen = ({ forma, label }: Pick<InventoryRow, "forma" | "label">) =>
        Effect.map(
          sql`SELECT operation_id FROM operations WHERE settled = 0 AND forma = ${forma} AND label = ${label}`.values,
          (open) => open.length > 0,
        )

      return LastReads.of({
        pages: (selection) =>
          Stream.paginate<InventoryRow | undefined, RowToRead, SqlError | InventoryUnreadable>(
            undefined,
            readPage(selection),
          ),
        names: (selection = {}, atMost) =>
          sql`
            SELECT forma, label FROM resources WHERE ${pagesOfRows(sql, selection).selected} ORDER BY forma, label
            ${atMost === undefined ? sql`` : sql`LIMIT ${atMost}`}`,
        isOpen,
        record: Effect.fn("LastReads.record")(function* ({ row, version }, found) {
          const { forma, label } = row
          const at = yield* Clock.currentTimeMillis
          const lastRead = lastReadAfter(row.lastRead, found, at)
          const encoded = yield* Effect.orDie(encodeLastRead(lastRead))
          const isRow = sql`forma = ${forma} AND label = ${label}`
          return yield* ownership.write(
            Effect.gen(function* (): Effect.fn.Return<Recording, SqlError> {
              const [now]: ReadonlyArray<Row> = yield* sql`
                SELECT checksum, updated_at AS "updatedAt" FROM resources WHERE ${isRow}`
              if (now === undefined || versionOf(now) !== version) return { _tag: "Changed" }
              if (yield* isOpen(row)) return { _tag: "Open" }
              yield* checked.update(isRow, sql`UPDATE resources SET last_read = ${encoded} WHERE ${isRow}`)
              yield* history.record(row, driftedPaths(lastRead), at)
              return { _tag: "Recorded", lastRead }
            }),
          )
        }),
        history: ({ forma, label }) => history.list(forma, label),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))

  /** The same, over a store that the agent holds by itself. */
  static readonly layer: Layer.Layer<LastReads, never, SqlClient.SqlClient | StateLock> = this.layerNoDeps.pipe(
    Layer.provide(StateOwnership.layer),
  )
}

/** How many rows are read at a time. */
const pageSize = 32

/** A write of another value changes the checksum, and one of the same value the time. */
const versionOf = (row: Row): string => `${String(row["checksum"])} ${String(row["updatedAt"])}`

const encodeLastRead = Schema.encodeEffect(Schema.fromJsonString(LastRead))
