/** What the state knows of one resource. Nothing is asked of a provider or a plugin. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NativeId, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { openOperationOf } from "../operations/Attention.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { Care } from "../records/Care.ts"
import { ChangeError, OpenOperation } from "../records/ChangeError.ts"
import { Inventory, type InventoryRow } from "../records/Inventory.ts"
import { type JournalEntry, JournalStatus } from "../records/JournalEntry.ts"
import { PastDrift } from "../records/DriftHistory.ts"
import { LastReads } from "../records/LastReads.ts"
import { OperationJournal } from "../records/OperationJournal.ts"
import { PastOperation } from "../records/ResourceHistory.ts"
import { splitSeals } from "../secrets/Seals.ts"
import { findResource, type ResourceName } from "./ResourceNotFound.ts"

/** An operation that has not ended. */
export class ReportedOpen extends Schema.Opaque<ReportedOpen>()(
  Schema.Struct({
    /** Names it. */
    operation: OpenOperation,
    /** Where it stands. `NeedsAttention`: only a human can find out what became of it. */
    status: JournalStatus,
    /** Why its end is not known. */
    failure: Schema.NullOr(ChangeError),
  }),
) {}

/** What the state knows of one resource. It holds no secret. */
export class ResourceReport extends Schema.Opaque<ResourceReport>()(
  Schema.Struct({
    /** The name of its forma. */
    forma: Schema.String,
    /** Its label. */
    label: Schema.String,
    /** Its type. */
    type: ResourceType,
    /** The label of its target. */
    target: Schema.String,
    /** Where native ids of its type are unique. Null where it is not known. */
    place: Schema.NullOr(Schema.String),
    /** The id that the provider gave it. Null until it is known. */
    nativeId: Schema.NullOr(NativeId),
    /** The labels that it refers to or depends on. */
    dependsOn: Schema.Array(Schema.String),
    /** The care that its document has asked for last. None if it is left out. */
    care: Schema.optionalKey(Care),
    /** What was asked for last, with references resolved, without secrets. */
    wanted: JsonObject,
    /** The names of the wanted properties that are secret. */
    secrets: Schema.Array(Schema.String),
    /** What the provider was last seen to have, without secrets. Null where it was not read. */
    lastRead: Schema.NullOr(JsonObject),
    /** When a sync read that, in milliseconds since 1970. Null where it is what the last operation has read. */
    readAt: Schema.NullOr(Schema.Finite),
    /** Since when it is known that the resource is gone, in milliseconds since 1970. Null where it is not. */
    goneSince: Schema.NullOr(Schema.Finite),
    /** When it was not as wanted, oldest first. What is over is kept for 30 days. */
    drifts: Schema.Array(PastDrift),
    /** What the provider has set: what was read and not asked for. */
    outputs: JsonObject,
    /** The operations that have not ended. */
    open: Schema.Array(ReportedOpen),
    /** The operations on it, or on what had its label before, oldest first. Those that ended are kept for 30 days. */
    history: Schema.Array(PastOperation),
  }),
) {}

const without = (properties: Properties, others: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !Object.hasOwn(others, name)))

const openOf = (entry: JournalEntry): ReportedOpen => ({
  operation: openOperationOf(entry),
  status: entry.status,
  failure: entry.failure,
})

/** A create that has not ended knows what is wanted, even if there is a row already. */
const reportOf = (
  shown: InventoryRow | JournalEntry,
  row: InventoryRow | undefined,
  open: ReadonlyArray<JournalEntry>,
  history: ReadonlyArray<PastOperation>,
  drifts: ReadonlyArray<PastDrift>,
): ResourceReport => {
  const { care, dependsOn, forma, label, nativeId, place, target, type } = shown
  const desired = open.find(({ kind }) => kind === "Create")?.desired ?? shown.desired
  const { known, seals } = splitSeals(desired)
  const read = row?.lastRead?.properties ?? row?.actual ?? {}
  const lastRead = Object.keys(read).length === 0 ? null : read
  return {
    forma,
    label,
    type,
    target,
    place,
    nativeId,
    dependsOn,
    ...(care !== undefined && { care }),
    wanted: known,
    secrets: Object.keys(seals),
    lastRead,
    readAt: row?.lastRead?.at ?? null,
    goneSince: row?.lastRead?.goneSince ?? null,
    drifts,
    outputs: without(lastRead ?? {}, desired),
    open: open.map(openOf),
    history,
  }
}

export const makeResourceReport = Effect.gen(function* () {
  const inventory = yield* Inventory
  const journal = yield* OperationJournal
  const lastReads = yield* LastReads

  return Effect.fn("Agent.show")(function* (name: ResourceName) {
    const rows = yield* inventory.list()
    const entries = yield* journal.listOpen()
    const found = yield* Effect.fromResult(findResource(name, [...rows, ...entries]))
    const isIt = (one: { readonly forma: string; readonly label: string }) =>
      one.forma === found.forma && one.label === found.label
    const row = rows.find(isIt)
    const open = entries.filter(isIt)
    const shown = row ?? open[0]
    if (shown === undefined) return yield* Effect.die("what was found is not there")
    const history = yield* journal.history({ ...found, ...(row !== undefined && { thing: row }) })
    return reportOf(shown, row, open, history, yield* lastReads.history(found))
  })
})
