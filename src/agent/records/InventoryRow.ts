/** One row of the inventory: its shape, and how it is read from the store. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { formatPath, locateIssues } from "../../protocol/Issue.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { SealedProperties } from "../secrets/Seals.ts"
import type { Row } from "../store/RowChecksum.ts"
import { Care } from "./Care.ts"
import { LastRead } from "./LastRead.ts"
import { makeSharing } from "./RowSharing.ts"

/** One resource that a forma has created. */
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
    /**
     * Where native ids of its type are unique, as its plugin states it. Null where
     * that was not asked yet, as in rows of before 0.2.0.
     */
    place: Schema.NullOr(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed(null))),
    /** The id that the provider gave it. */
    nativeId: NativeId,
    /** What was asked for, with references resolved and secrets sealed. */
    desired: Schema.fromJsonString(SealedProperties),
    /** What the provider had after the last operation, without secrets. References to the resource are resolved from it. */
    actual: Schema.fromJsonString(JsonObject),
    /** The labels that it refers to or depends on. It is deleted before those resources. */
    dependsOn: Schema.fromJsonString(Schema.Array(Schema.String)),
    /**
     * The declared paths at which keys that were added elsewhere have been looked
     * for. None if it is left out, as in rows that an older version has written.
     */
    exactPaths: Schema.optionalKey(Schema.fromJsonString(Schema.Array(Schema.String))),
    /** The care that its document has asked for last. None if it is left out. */
    care: Schema.optionalKey(Schema.fromJsonString(Care)),
    /** What a sync has read since the last operation. Left out where there was none. */
    lastRead: Schema.optionalKey(Schema.fromJsonString(LastRead)),
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

/** The columns of a row, by the names of its fields. */
export const inventoryColumns = `forma, label, type, target, target_config AS "targetConfig", place, native_id AS "nativeId", desired, actual, depends_on AS "dependsOn", COALESCE(exact_paths, '[]') AS "exactPaths", care, last_read AS "lastRead"`

const Key = Schema.Struct({ forma: Schema.String, label: Schema.String })
const isKey = Schema.is(Key)
export const encodeRow = Schema.encodeEffect(InventoryRow)
const decodeRow = Schema.decodeUnknownEffect(InventoryRow)

export const readRow = (row: object): Effect.Effect<InventoryRow, InventoryUnreadable> =>
  Effect.mapError(decodeRow(withoutNulls(row)), ({ issue }) => {
    const places = locateIssues(issue).map(({ path }) => formatPath(path))
    return unreadable(row, `${places.join(", ")} is not valid`)
  })

/** Reads rows. What is the same in many of them, such as the config of their target, is held once. */
export const readRows = (
  rows: ReadonlyArray<Row>,
  share: ReturnType<typeof makeSharing> = makeSharing(),
): Effect.Effect<ReadonlyArray<InventoryRow>, InventoryUnreadable> =>
  Effect.forEach(rows, (row) => Effect.map(readRow(row), (one) => share(one, row["targetConfig"])))

export const unreadable = (row: unknown, reason: string): InventoryUnreadable => {
  const { forma, label } = isKey(row) ? row : { forma: "?", label: "?" }
  return new InventoryUnreadable({ forma, label, reason })
}

/** Columns that are null stand for nothing. */
const withoutNulls = (row: object): object =>
  Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null || !optional.has(name)))

const optional: ReadonlySet<string> = new Set(["care", "lastRead"])
