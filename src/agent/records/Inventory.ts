/** The inventory: the durable record of the resources that exist. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { formatPath, locateIssues } from "../../protocol/Issue.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { SealedProperties } from "../secrets/Seals.ts"
import type { StateLock } from "../store/StateLock.ts"
import { checkedRows, damagedReason } from "./CheckedRows.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"

/** One resource that a forma has created, as it was last read. */
export class InventoryRow extends Schema.Opaque<InventoryRow>()(
  Schema.Struct({
    /** The name of the forma that wants it. Labels are unique within it. */
    forma: Schema.String,
    /** The label of the resource. */
    label: Schema.String,
    /** The resource type. */
    type: ResourceType,
    /** The label of its target. */
    target: Schema.String,
    /** The config of its target, so that it can be reached even when the document is gone. Secrets in it are locked. */
    targetConfig: Schema.fromJsonString(JsonObject),
    /** The id that the provider gave it. */
    nativeId: NativeId,
    /** What was asked for, with references resolved and secrets sealed. */
    desired: Schema.fromJsonString(SealedProperties),
    /** What the provider had, without secrets. References to the resource are resolved from it. */
    actual: Schema.fromJsonString(JsonObject),
    /** The labels that it refers to. It is deleted before those resources. */
    dependsOn: Schema.fromJsonString(Schema.Array(Schema.String)),
    /**
     * The declared paths at which keys that were added elsewhere have been looked
     * for. None if it is left out, as in rows that an older version has written.
     */
    exactPaths: Schema.optionalKey(Schema.fromJsonString(Schema.Array(Schema.String))),
  }),
) {}

/** A row of the inventory is not valid for this version. Its values are not shown, because they may be secret. */
export class InventoryUnreadable extends Schema.TaggedError<InventoryUnreadable>(
  "formae/agent/records/InventoryUnreadable",
)("InventoryUnreadable", {
  /** The name of the forma. */
  forma: Schema.String,
  /** The label of the resource. */
  label: Schema.String,
  /** The fields that are not valid. */
  reason: Schema.String,
}) {
  override get message(): string {
    return `The inventory row of ${this.forma}/${this.label} cannot be read: ${this.reason}. Nothing was done. Restore the state file, or delete this row of the table resources if formae should no longer know the resource`
  }
}

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
     * The resources of one forma, or of all, ordered by forma and label. Fails
     * with `InventoryUnreadable` where a row is not valid.
     */
    readonly list: (forma?: string) => Effect.Effect<ReadonlyArray<InventoryRow>, SqlError | InventoryUnreadable>
    /** Adds a row, or replaces the row with the same forma and label. */
    readonly put: (row: InventoryRow) => Effect.Effect<void, StateError>
    /** Removes a row. Does nothing where the label belongs to a resource with another native id. */
    readonly remove: (forma: string, label: string, nativeId: NativeId) => Effect.Effect<void, StateError>
  }
>()("formae/agent/records/Inventory") {
  /** Keeps it in the store. */
  static readonly layerNoDeps = Layer.effect(
    Inventory,
    Effect.gen(function* () {
      const ownership = yield* StateOwnership
      const sql = yield* SqlClient.SqlClient
      const checked = checkedRows(sql, "resources")
      const columns = sql.literal(
        `forma, label, type, target, target_config AS "targetConfig", native_id AS "nativeId", desired, actual, depends_on AS "dependsOn", COALESCE(exact_paths, '[]') AS "exactPaths"`,
      )
      return Inventory.of({
        list: Effect.fn("Inventory.list")(function* (forma) {
          // All of them: a row whose forma is damaged would be missing from the list of its forma.
          const damaged = yield* checked.findDamaged(sql`1 = 1`)
          if (damaged !== undefined) return yield* unreadable(damaged, damagedReason)
          const rows =
            forma === undefined
              ? yield* sql`SELECT ${columns} FROM resources ORDER BY forma, label`
              : yield* sql`SELECT ${columns} FROM resources WHERE forma = ${forma} ORDER BY label`
          return yield* Effect.forEach(rows, readRow)
        }),
        put: Effect.fn("Inventory.put")(function* (row) {
          const {
            actual,
            dependsOn,
            desired,
            exactPaths = "[]",
            forma,
            label,
            nativeId,
            target,
            targetConfig,
            type,
          } = yield* Effect.orDie(encodeRow(row))
          const updatedAt = yield* Clock.currentTimeMillis
          const write = sql`
            INSERT INTO resources
              (forma, label, type, target, target_config, native_id, desired, actual, depends_on, exact_paths, updated_at)
            VALUES
              (${forma}, ${label}, ${type}, ${target}, ${targetConfig}, ${nativeId}, ${desired}, ${actual}, ${dependsOn}, ${exactPaths}, ${updatedAt})
            ON CONFLICT (forma, label) DO UPDATE SET
              type = excluded.type, target = excluded.target, target_config = excluded.target_config,
              native_id = excluded.native_id, desired = excluded.desired, actual = excluded.actual,
              depends_on = excluded.depends_on, exact_paths = excluded.exact_paths, updated_at = excluded.updated_at`
          yield* ownership.write(checked.put(sql`forma = ${forma} AND label = ${label}`, write))
        }),
        remove: Effect.fn("Inventory.remove")(function* (forma, label, nativeId) {
          yield* ownership.write(
            sql`DELETE FROM resources WHERE forma = ${forma} AND label = ${label} AND native_id = ${nativeId}`,
          )
        }),
      })
    }),
  )

  /** The same, over a store that the agent holds by itself. */
  static readonly layer: Layer.Layer<Inventory, never, SqlClient.SqlClient | StateLock> = this.layerNoDeps.pipe(
    Layer.provide(StateOwnership.layer),
  )
}

const Key = Schema.Struct({ forma: Schema.String, label: Schema.String })
const isKey = Schema.is(Key)
const encodeRow = Schema.encodeEffect(InventoryRow)
const decodeRow = Schema.decodeUnknownEffect(InventoryRow)

const readRow = (row: unknown): Effect.Effect<InventoryRow, InventoryUnreadable> =>
  Effect.mapError(decodeRow(row), ({ issue }) => {
    const places = locateIssues(issue).map(({ path }) => formatPath(path))
    return unreadable(row, `${places.join(", ")} is not valid`)
  })

const unreadable = (row: unknown, reason: string): InventoryUnreadable => {
  const { forma, label } = isKey(row) ? row : { forma: "?", label: "?" }
  return new InventoryUnreadable({ forma, label, reason })
}
