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

/** One resource that a forma has created, as it was last read. */
export const InventoryRow = Schema.Struct({
  /** The name of the forma that wants it. Labels are unique within it. */
  forma: Schema.String,
  label: Schema.String,
  type: ResourceType,
  /** The label of its target. */
  target: Schema.String,
  /** The config of its target, so that it can be reached even when the document is gone. Secrets in it are locked. */
  targetConfig: Schema.fromJsonString(JsonObject),
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
})
export type InventoryRow = typeof InventoryRow.Type

/** A row of the inventory is not valid for this version. Its values are not shown, because they may be secret. */
export class InventoryUnreadable extends Schema.TaggedError<InventoryUnreadable>(
  "formae/agent/records/InventoryUnreadable",
)("InventoryUnreadable", { forma: Schema.String, label: Schema.String, reason: Schema.String }) {
  override get message(): string {
    return `The inventory row of ${this.forma}/${this.label} cannot be read: ${this.reason}. Nothing was done. Restore the state file, or delete this row of the table resources if formae should no longer know the resource`
  }
}

/** The durable record of the resources that exist. Every method fails with `SqlError` where the state cannot be read or written. */
export class Inventory extends Context.Service<
  Inventory,
  {
    /**
     * The resources of one forma, or of all, ordered by forma and label. Fails
     * with `InventoryUnreadable` where a row is not valid.
     */
    readonly list: (forma?: string) => Effect.Effect<ReadonlyArray<InventoryRow>, SqlError | InventoryUnreadable>
    /** Adds a row, or replaces the row with the same forma and label. */
    readonly put: (row: InventoryRow) => Effect.Effect<void, SqlError>
    /** Removes a row. Does nothing where the label belongs to a resource with another native id. */
    readonly remove: (forma: string, label: string, nativeId: NativeId) => Effect.Effect<void, SqlError>
  }
>()("formae/agent/records/Inventory") {
  static readonly layer: Layer.Layer<Inventory, never, SqlClient.SqlClient> = Layer.effect(
    Inventory,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const columns = sql.literal(
        `forma, label, type, target, target_config AS "targetConfig", native_id AS "nativeId", desired, actual, depends_on AS "dependsOn", exact_paths AS "exactPaths"`,
      )
      return Inventory.of({
        list: Effect.fn("Inventory.list")(function* (forma) {
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
          yield* sql`
            INSERT INTO resources
              (forma, label, type, target, target_config, native_id, desired, actual, depends_on, exact_paths, updated_at)
            VALUES
              (${forma}, ${label}, ${type}, ${target}, ${targetConfig}, ${nativeId}, ${desired}, ${actual}, ${dependsOn}, ${exactPaths}, ${updatedAt})
            ON CONFLICT (forma, label) DO UPDATE SET
              type = excluded.type, target = excluded.target, target_config = excluded.target_config,
              native_id = excluded.native_id, desired = excluded.desired, actual = excluded.actual,
              depends_on = excluded.depends_on, exact_paths = excluded.exact_paths, updated_at = excluded.updated_at`
        }),
        remove: Effect.fn("Inventory.remove")(function* (forma, label, nativeId) {
          yield* sql`DELETE FROM resources WHERE forma = ${forma} AND label = ${label} AND native_id = ${nativeId}`
        }),
      })
    }),
  )
}

const Key = Schema.Struct({ forma: Schema.String, label: Schema.String })
const isKey = Schema.is(Key)
const encodeRow = Schema.encodeEffect(InventoryRow)
const decodeRow = Schema.decodeUnknownEffect(InventoryRow)

const readRow = (row: unknown): Effect.Effect<InventoryRow, InventoryUnreadable> =>
  Effect.mapError(decodeRow(row), ({ issue }) => {
    const { forma, label } = isKey(row) ? row : { forma: "?", label: "?" }
    const places = locateIssues(issue).map(({ path }) => formatPath(path))
    return new InventoryUnreadable({ forma, label, reason: `${places.join(", ")} is not valid` })
  })
