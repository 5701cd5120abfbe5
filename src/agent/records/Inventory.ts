/** The inventory: the durable record of the resources that exist. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stream from "effect/Stream"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { distinctValues } from "../store/distinctValues.ts"
import type { StateLock } from "../store/StateLock.ts"
import { type CheckedRows, checkedRows, damagedReason } from "./CheckedRows.ts"
import { endDrifts } from "./DriftHistory.ts"
import { encodeRow, inventoryColumns, InventoryRow, InventoryUnreadable, readRow, unreadable } from "./InventoryRow.ts"
import { makeInventoryReads } from "./InventoryReads.ts"
import { makeOtherFormae, type ThingName } from "./OtherFormae.ts"
import { OwnedElsewhere } from "./OwnedElsewhere.ts"
import { makeRelabel, type NewCare, type Relabelling } from "./Relabelling.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"

/**
 * The durable record of the resources that exist. Every method fails with
 * `SqlError` where the state cannot be read or written. One that writes also
 * fails with the other errors of `StateError`, where this agent does not hold
 * the state.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Inventory } from "formae/agent"
 *
 * const nativeIds = Effect.gen(function* () {
 *   const inventory = yield* Inventory
 *   const rows = yield* inventory.list("network")
 *   return rows.map(({ nativeId }) => nativeId)
 * })
 * ```
 */
export class Inventory extends Context.Service<
  Inventory,
  {
    /**
     * The resources of one forma, or of all, as they are at one moment, ordered by
     * forma and label. Fails with `InventoryUnreadable` where a row is not valid.
     */
    readonly list: (forma?: string) => Effect.Effect<ReadonlyArray<InventoryRow>, SqlError | InventoryUnreadable>
    /** The names of the formae that have resources. */
    readonly formae: Effect.Effect<ReadonlyArray<string>, SqlError>
    /** Those of these types of which a forma other than this one has a resource. */
    readonly typesOfOthers: (
      forma: string,
      types: Iterable<ResourceType>,
    ) => Effect.Effect<ReadonlySet<ResourceType>, SqlError>
    /**
     * The resources of formae other than this one that may be one of these things:
     * of its type and native id, in whatever place. Fails with
     * `InventoryUnreadable` where one of them is not valid.
     */
    readonly sharedByOthers: (
      forma: string,
      things: Iterable<ThingName>,
    ) => Effect.Effect<ReadonlyArray<InventoryRow>, SqlError | InventoryUnreadable>
    /**
     * The resources of all formae in the same order, read page by page: a page is
     * one chunk of the stream, and the next is read when it is asked for. What is
     * written meanwhile may be in it or not, and a row whose label changes
     * meanwhile may be in it twice or not at all. Fails as `list`, where it comes to such a row.
     */
    readonly stream: Stream.Stream<InventoryRow, SqlError | InventoryUnreadable>
    /**
     * Adds a row, or replaces the row with the same forma and label. What syncs
     * have read of it is no longer known then. Fails with
     * `OwnedElsewhere` where another row has the same type, place and native id.
     */
    readonly put: (row: InventoryRow) => Effect.Effect<void, StateError | OwnedElsewhere>
    /** Removes a row. Does nothing where the label belongs to a resource with another native id. */
    readonly remove: (forma: string, label: string, nativeId: NativeId) => Effect.Effect<void, StateError>
    /** Gives rows of a forma other labels and other care, all at once. Labels in the references of other rows follow. */
    readonly relabel: (
      forma: string,
      moves: ReadonlyArray<Relabelling>,
      cares?: ReadonlyArray<NewCare>,
    ) => Effect.Effect<void, StateError>
    /**
     * The row with this forma and label, and the rows of the same type and native
     * id under other labels, in whatever place. Fails with `InventoryUnreadable`
     * where one of them is not valid.
     */
    readonly find: (
      row: Pick<InventoryRow, "forma" | "label" | "type" | "nativeId">,
    ) => Effect.Effect<
      { readonly own: InventoryRow | undefined; readonly others: ReadonlyArray<InventoryRow> },
      SqlError | InventoryUnreadable
    >
  }
>()("formae/agent/records/Inventory") {
  /** Keeps it in the store. */
  static readonly layerNoDeps = Layer.effect(
    Inventory,
    Effect.gen(function* () {
      const ownership = yield* StateOwnership
      const sql = yield* SqlClient.SqlClient
      const checked = checkedRows(sql, "resources")
      const columns = sql.literal(inventoryColumns)
      const endDrift = endDrifts(sql)
      const relabel = makeRelabel(sql, checked)
      const others = makeOtherFormae(sql, checked)
      const put = makePut({ checked, endDrift, ownership, sql })
      const reads = makeInventoryReads(sql, checked)
      return Inventory.of({
        // A name that is damaged hides no row of its forma: the rows of a forma are found by an index, which is
        // checked against them when a file is opened.
        list: Effect.fn("Inventory.list")(reads.list),
        formae: distinctValues(sql, "resources", "forma"),
        typesOfOthers: others.withType,
        sharedByOthers: others.like,
        stream: reads.stream,
        put,
        remove: Effect.fn("Inventory.remove")(function* (forma, label, nativeId) {
          const at = yield* Clock.currentTimeMillis
          yield* ownership.write(
            Effect.flatMap(
              sql`
                DELETE FROM resources WHERE forma = ${forma} AND label = ${label} AND native_id = ${nativeId}
                RETURNING label`,
              ([found]) => (found === undefined ? Effect.void : endDrift(forma, label, at, "delete")),
            ),
          )
        }),
        relabel: (forma, moves, cares = []) =>
          moves.length + cares.length === 0 ? Effect.void : ownership.write(relabel(forma, moves, cares)),
        find: Effect.fn("Inventory.find")(function* ({ forma, label, nativeId, type }) {
          const where = sql`(forma = ${forma} AND label = ${label}) OR (type = ${type} AND native_id = ${nativeId})`
          const damaged = yield* checked.findDamaged(where)
          if (damaged !== undefined) return yield* unreadable(damaged, damagedReason)
          const rows = yield* sql`SELECT ${columns} FROM resources WHERE ${where} ORDER BY forma, label`
          const found = yield* Effect.forEach(rows, readRow)
          const isOwn = (row: InventoryRow) => row.forma === forma && row.label === label
          return { own: found.find(isOwn), others: found.filter((row) => !isOwn(row)) }
        }),
      })
    }),
  )

  /** The same, over a store that the agent holds by itself. */
  static readonly layer: Layer.Layer<Inventory, never, SqlClient.SqlClient | StateLock> = this.layerNoDeps.pipe(
    Layer.provide(StateOwnership.layer),
  )
}

interface Writing {
  readonly checked: CheckedRows
  readonly endDrift: ReturnType<typeof endDrifts>
  readonly ownership: StateOwnership["Service"]
  readonly sql: SqlClient.SqlClient
}

const makePut = ({ checked, endDrift, ownership, sql }: Writing) =>
  Effect.fn("Inventory.put")(function* (row: InventoryRow): Effect.fn.Return<void, StateError | OwnedElsewhere> {
    const encoded = yield* Effect.orDie(encodeRow(row))
    const { actual, dependsOn, desired, care = null, exactPaths = "[]", forma, label } = encoded
    const { nativeId, place, target, targetConfig, type } = encoded
    const refuseOwned = Effect.flatMap(
      sql<Owner>`
              SELECT forma, label FROM resources
              WHERE type = ${type} AND place = ${place} AND native_id = ${nativeId} AND NOT (forma = ${forma} AND label = ${label})`,
      ([owner]) =>
        owner === undefined ? Effect.void : new OwnedElsewhere({ type: row.type, nativeId: row.nativeId, ...owner }),
    )
    const updatedAt = yield* Clock.currentTimeMillis
    const write = sql`
            INSERT INTO resources
              (forma, label, type, target, target_config, place, native_id, desired, actual, depends_on, exact_paths, care, updated_at)
            VALUES
              (${forma}, ${label}, ${type}, ${target}, ${targetConfig}, ${place}, ${nativeId}, ${desired}, ${actual}, ${dependsOn}, ${exactPaths}, ${care}, ${updatedAt})
            ON CONFLICT (forma, label) DO UPDATE SET
              type = excluded.type, target = excluded.target, target_config = excluded.target_config,
              place = excluded.place, native_id = excluded.native_id, desired = excluded.desired, actual = excluded.actual,
              depends_on = excluded.depends_on, exact_paths = excluded.exact_paths, care = excluded.care, updated_at = excluded.updated_at,
              last_read = NULL`
    const put = checked.put(sql`forma = ${forma} AND label = ${label}`, write)
    const settled = endDrift(forma, label, updatedAt, "apply")
    // In one transaction: another write may take the thing before this one has its turn.
    yield* ownership.write(Effect.all([refuseOwned, put, settled], { discard: true }))
  })

type Owner = Pick<OwnedElsewhere, "forma" | "label">

export { InventoryRow, InventoryUnreadable }
