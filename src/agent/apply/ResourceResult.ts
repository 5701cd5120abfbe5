/** What a command has done to one resource, would do to it, or knows about it. */
import * as Schema from "effect/Schema"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { type Change, ChangeOperation } from "../plan/Change.ts"
import { changedCare } from "../plan/changedCare.ts"
import { PropertyChange } from "../plan/PropertyChange.ts"
import { DriftPolicy } from "../forma/FormaDocument.ts"
import { Care } from "../records/Care.ts"
import { ChangeError, OpenOperation } from "../records/ChangeError.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import { Crash } from "../records/JournalEntry.ts"
import { DriftedPlace, type LastRead } from "../records/LastRead.ts"

/** `planned`: a plan has not made the change. `canceled`: not begun or not finished, because the command was asked to stop. */
export const Status = Schema.Literals(["succeeded", "failed", "canceled", "planned"])
export type Status = typeof Status.Type | never

/** How a resource differs from what was wanted of it last. It holds no secret. */
export class ResourceDrift extends Schema.Opaque<ResourceDrift>()(
  Schema.Struct({
    /** When it was read, in milliseconds since 1970. */
    readAt: Schema.Finite,
    /** Since when it is known that it no longer exists, in milliseconds since 1970. Left out where it exists. */
    goneSince: Schema.optionalKey(Schema.Finite),
    /** The places that differ. */
    places: Schema.Array(DriftedPlace),
    /** What is done about it. */
    policy: DriftPolicy,
  }),
) {}

/** The result of a command for one resource. */
export class ResourceResult extends Schema.Opaque<ResourceResult>()(
  Schema.Struct({
    /** The label of the resource in its forma. */
    label: Schema.String,
    /** The resource type, such as `AWS::S3::Bucket`. */
    type: Schema.String,
    /** What was done, or would be. */
    operation: ChangeOperation,
    /** How that ended. */
    status: Status,
    /** Null where it is not known, or does not exist yet. */
    nativeId: Schema.NullOr(Schema.String),
    /** How often the operation was sent to the provider, retries included. */
    attempts: Schema.Int,
    /** The crashes of its plugin that the operation survived, in their order. `at` is in milliseconds since 1970. */
    crashes: Schema.Array(Crash),
    /** How long the operation took, in milliseconds. */
    durationMillis: Schema.Int,
    /** Why the change was not made. Null if it was. */
    error: Schema.NullOr(ChangeError),
    /** The properties that differ, in an update or a replace. */
    changed: Schema.Array(Schema.String),
    /**
     * In a plan: what is created, changed and deleted, place by place, without
     * secrets. Left out where the resource stays as it is.
     */
    changes: Schema.optionalKey(Schema.Array(PropertyChange)),
    /** In a plan: an operation on the resource that an earlier command has left open. It is taken up first. */
    openOperation: Schema.optionalKey(OpenOperation),
    /** In a create: the resource existed, and was deleted elsewhere. */
    deletedOutside: Schema.optionalKey(Schema.Literal(true)),
    /**
     * In a plan, where the document says `drift: ask`: the places that were changed
     * elsewhere, as JSON Pointers, and that are overwritten or deleted only where
     * that is accepted. None where the resource was deleted elsewhere.
     */
    asksDrift: Schema.optionalKey(Schema.Array(Schema.String)),
    /** The places that force a replace, as JSON Pointers into the properties. */
    forcedBy: Schema.optionalKey(Schema.Array(Schema.String)),
    /** Keys that were added elsewhere and were left alone, as JSON Pointers into the properties. */
    seenOutside: Schema.optionalKey(Schema.Array(Schema.String)),
    /** The label that the resource had until now. */
    movedFrom: Schema.optionalKey(Schema.String),
    /** Who else owns the same thing, as `forma/label`. */
    sharedWith: Schema.optionalKey(Schema.String),
    /** What changes of its care in the state, as it becomes. `{ protect: false }` lifts a protection. */
    changedCare: Schema.optionalKey(Care),
    /**
     * The properties that the provider has set, as it has them now, without
     * secrets. Where a command has created, read or updated the resource.
     */
    outputs: Schema.optionalKey(JsonObject),
    /** In `sync` and `drift`: how it differs from what was wanted of it last. */
    drift: Schema.optionalKey(ResourceDrift),
    /** The name of the forma that wants the resource, where a command reports several formae. */
    forma: Schema.optionalKey(Schema.String),
  }),
) {}

/** A resource that no operation was sent for. */
export const untouched = { attempts: 0, crashes: [], durationMillis: 0, changed: [] } as const

/** What a result says of its change beside the names of the properties: places in them, owners, and care. */
export const detailsOf = (change: Change): Partial<ResourceResult> => {
  const { asksDrift, deletedOutside, forcedBy, movedFrom, seenOutside, sharedWith } = change
  const care = changedCare(change)
  return {
    ...(asksDrift === undefined ? {} : { asksDrift }),
    ...(deletedOutside === undefined ? {} : { deletedOutside }),
    ...(forcedBy === undefined ? {} : { forcedBy }),
    ...(seenOutside === undefined ? {} : { seenOutside }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(sharedWith === undefined ? {} : { sharedWith }),
    ...(care === undefined ? {} : { changedCare: care }),
  }
}

export const plannedResult = (change: Change): ResourceResult => {
  const { blocked, changed, label, nativeId, operation, type } = change
  return {
    ...untouched,
    label,
    type,
    operation,
    status: blocked === undefined ? "planned" : "failed",
    nativeId: nativeId ?? null,
    error: blocked ?? null,
    changed,
    ...detailsOf(change),
  }
}

export const inventoryResult = ({
  forma,
  label,
  nativeId,
  type,
}: Pick<InventoryRow, "forma" | "label" | "nativeId" | "type">): ResourceResult => ({
  ...untouched,
  label,
  type,
  operation: "noop",
  status: "succeeded",
  nativeId,
  error: null,
  forma,
})

/** A resource that is not as it was wanted, with what an apply would do about it. */
export const driftResult = (row: InventoryRow & { readonly lastRead: LastRead }): ResourceResult => {
  const { at, drift, goneSince } = row.lastRead
  const isFixed = drift.some(({ createOnly }) => createOnly === true)
  return {
    ...inventoryResult(row),
    operation: goneSince !== undefined ? "create" : isFixed ? "replace" : "update",
    status: "planned",
    ...(goneSince === undefined ? {} : { deletedOutside: true }),
    drift: {
      readAt: at,
      ...(goneSince === undefined ? {} : { goneSince }),
      places: drift,
      policy: row.care?.drift ?? "report",
    },
  }
}

/** A resource that a sync could not read. */
export const failedRead = (row: InventoryRow, error: ChangeError): ResourceResult => ({
  ...inventoryResult(row),
  status: "failed",
  error,
})
