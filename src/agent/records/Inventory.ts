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

/** One resource that a forma made, as it was when it was last seen. */
export const InventoryRow = Schema.Struct({
  /** The name of the forma that wants it. Labels are unique within it. */
  forma: Schema.String,
  label: Schema.String,
  type: ResourceType,
  /** The label of its target, and the config by which it is reached also when the forma is gone. */
  target: Schema.String,
  targetConfig: Schema.fromJsonString(JsonObject),
  nativeId: NativeId,
  /** What was asked for, references resolved, secrets sealed. */
  desired: Schema.fromJsonString(SealedProperties),
  /** What the provider had, without secrets. References to its outputs are resolved from it. */
  actual: Schema.fromJsonString(JsonObject),
  /** The labels that it refers to: it is deleted before them. */
  dependsOn: Schema.fromJsonString(Schema.Array(Schema.String)),
})
export type InventoryRow = typeof InventoryRow.Type

/** A row of the state is not as this version writes them. Values are not shown, for they may be secret. */
export class InventoryUnreadable extends Schema.TaggedError<InventoryUnreadable>(
  "formae/agent/records/InventoryUnreadable",
)("InventoryUnreadable", { forma: Schema.String, label: Schema.String, reason: Schema.String }) {
  override get message(): string {
    return `The state has a row that can not be read, that of ${this.forma}/${this.label}: ${this.reason}. Nothing was done. Put the state file back as it was, or delete this row of the table resources if the resource need not be known any more`
  }
}

const Key = Schema.Struct({ forma: Schema.String, label: Schema.String })
const isKey = Schema.is(Key)
const decodeRow = Schema.decodeUnknownEffect(InventoryRow)

const readRow = (row: unknown): Effect.Effect<InventoryRow, InventoryUnreadable> =>
  Effect.mapError(decodeRow(row), ({ issue }) => {
    const { forma, label } = isKey(row) ? row : { forma: "?", label: "?" }
    const places = locateIssues(issue).map(({ path }) => formatPath(path))
    return new InventoryUnreadable({ forma, label, reason: `${places.join(", ")} is not as it should be` })
  })

const encodeRow = Schema.encodeEffect(InventoryRow)

export class Inventory extends Context.Service<
  Inventory,
  {
    /** The resources of one forma, or of all, by label. */
    readonly list: (forma?: string) => Effect.Effect<ReadonlyArray<InventoryRow>, SqlError | InventoryUnreadable>
    readonly put: (row: InventoryRow) => Effect.Effect<void, SqlError>
    /** Removes a row, unless another resource has its label by now. */
    readonly remove: (forma: string, label: string, nativeId: NativeId) => Effect.Effect<void, SqlError>
  }
>()("formae/agent/records/Inventory") {
  static readonly layer: Layer.Layer<Inventory, never, SqlClient.SqlClient> = Layer.effect(
    Inventory,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const columns = sql.literal(
        `forma, label, type, target, target_config AS "targetConfig", native_id AS "nativeId", desired, actual, depends_on AS "dependsOn"`,
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
          const { actual, dependsOn, desired, forma, label, nativeId, target, targetConfig, type } =
            yield* Effect.orDie(encodeRow(row))
          const updatedAt = yield* Clock.currentTimeMillis
          yield* sql`
            INSERT INTO resources
              (forma, label, type, target, target_config, native_id, desired, actual, depends_on, updated_at)
            VALUES
              (${forma}, ${label}, ${type}, ${target}, ${targetConfig}, ${nativeId}, ${desired}, ${actual}, ${dependsOn}, ${updatedAt})
            ON CONFLICT (forma, label) DO UPDATE SET
              type = excluded.type, target = excluded.target, target_config = excluded.target_config,
              native_id = excluded.native_id, desired = excluded.desired, actual = excluded.actual,
              depends_on = excluded.depends_on, updated_at = excluded.updated_at`
        }),
        remove: Effect.fn("Inventory.remove")(function* (forma, label, nativeId) {
          yield* sql`DELETE FROM resources WHERE forma = ${forma} AND label = ${label} AND native_id = ${nativeId}`
        }),
      })
    }),
  )
}
