/** What the journal has of one resource: the operations on it, and the label that they name it by. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { NativeId, OperationId, type ResourceType } from "../../protocol/Identity.ts"
import { ChangeError } from "./ChangeError.ts"
import type { CheckedRows } from "./CheckedRows.ts"
import { RecordedCommand } from "./CommandStatus.ts"
import type { Inventory } from "./Inventory.ts"
import { JournaledKind } from "./JournaledKind.ts"
import { JournalStatus } from "./JournalEntry.ts"
import { type JournalUnreadable, readRow, refuseDamaged } from "./JournalUnreadable.ts"
import type { StateError } from "./StateError.ts"
import type { StateOwnership } from "./StateOwnership.ts"

/** One operation on a resource, as the journal has it. */
export class PastOperation extends Schema.Opaque<PastOperation>()(
  Schema.Struct({
    /** Identifies the operation. */
    operationId: OperationId,
    /** Which command it was part of: null where that is no longer known. */
    command: Schema.NullOr(RecordedCommand),
    /** The id of that command. */
    commandId: Schema.String,
    /** The label that the resource had. */
    label: Schema.String,
    /** What the operation did. */
    kind: JournaledKind,
    /** How it ended, or where it stands. */
    status: JournalStatus,
    /** Whether it is known how it ended. If not, the operation is open. */
    closed: Schema.Boolean,
    /** The id of the resource at the provider. Null where it was not known. */
    nativeId: Schema.NullOr(NativeId),
    /** How often it was sent to a plugin. */
    sent: Schema.Int,
    /** When it was recorded, in milliseconds since 1970. */
    startedAt: Schema.Finite,
    /** When it was last written: its end, where it has ended. In milliseconds since 1970. */
    updatedAt: Schema.Finite,
    /** Why it failed, or why its end is not known. */
    failure: Schema.NullOr(ChangeError),
  }),
) {}

/** Which operations are meant: those on a label, and those on one thing under whatever label. */
export interface HistoryOf {
  /** The name of the forma. */
  readonly forma: string
  /** The label of the resource. */
  readonly label: string
  /** The thing, where it exists. */
  readonly thing?: { readonly type: ResourceType; readonly nativeId: NativeId } | undefined
}

const Row = Schema.Struct({
  ...PastOperation.fields,
  closed: Schema.BooleanFromBit,
  failure: Schema.NullOr(Schema.fromJsonString(ChangeError)),
})
const decode = readRow("operations", Schema.decodeUnknownEffect(Row), "operationId")

interface Records {
  readonly sql: SqlClient
  readonly operations: CheckedRows
  readonly inventory: Inventory["Service"]
  readonly ownership: StateOwnership["Service"]
}

export const makeResourceHistory = ({ inventory, operations, ownership, sql }: Records) => {
  const rename = Effect.fnUntraced(function* (forma: string, from: string, to: string) {
    const ids = yield* sql`SELECT operation_id FROM operations WHERE forma = ${forma} AND label = ${from}`.values
    for (const [id] of ids) {
      const isRow = sql`operation_id = ${String(id)}`
      yield* operations.update(isRow, sql`UPDATE operations SET label = ${to} WHERE ${isRow}`)
    }
  })

  return {
    history: Effect.fn("OperationJournal.history")(function* ({
      forma,
      label,
      thing,
    }: HistoryOf): Effect.fn.Return<ReadonlyArray<PastOperation>, SqlError | JournalUnreadable> {
      const isThing =
        thing === undefined ? sql`1 = 0` : sql`operations.type = ${thing.type} AND native_id = ${thing.nativeId}`
      const where = sql`operations.forma = ${forma} AND (label = ${label} OR (${isThing}))`
      yield* refuseDamaged("operations", "operation_id", operations, where)
      const rows = yield* sql`
        SELECT operation_id AS "operationId", commands.command, operations.command_id AS "commandId", label, kind,
          operations.status, settled AS "closed", native_id AS "nativeId", sent, operations.started_at AS "startedAt",
          updated_at AS "updatedAt", failure
        FROM operations LEFT JOIN commands ON commands.command_id = operations.command_id
        WHERE ${where} ORDER BY operations.started_at, operation_id`
      return yield* Effect.forEach(rows, decode)
    }),
    relabel: (forma: string, from: string, to: string): Effect.Effect<void, StateError> =>
      ownership.write(Effect.andThen(inventory.relabel(forma, [{ from, to }]), rename(forma, from, to))),
  }
}
