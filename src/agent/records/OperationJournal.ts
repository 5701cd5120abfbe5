/**
 * The journal of operations, written ahead: the intent before anything is sent,
 * progress before anything depends on it, and the end in one transaction with
 * the change that it makes to the inventory.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import type { NativeId, OperationId, RequestId } from "../../protocol/Identity.ts"
import type { StateLock } from "../store/StateLock.ts"
import { withoutNoCare } from "./Care.ts"
import { checkedRows } from "./CheckedRows.ts"
import { Inventory } from "./Inventory.ts"
import type { InventoryChange } from "./InventoryChange.ts"
import { type Crash, JournalEntry, type JournalStatus } from "./JournalEntry.ts"
import { type JournalUnreadable, readRow, refuseDamaged } from "./JournalUnreadable.ts"
import { encodeEntry, insertEntry, makeChange, makeRecordImports } from "./JournalWrites.ts"
import type { OwnedElsewhere } from "./OwnedElsewhere.ts"
import { type HistoryOf, makeResourceHistory, type PastOperation } from "./ResourceHistory.ts"
import type { StateError } from "./StateError.ts"
import { StateOwnership } from "./StateOwnership.ts"
import { type UsualDuration, usualDurations } from "./UsualDurations.ts"

/** How an operation ended, or where it was left. */
export interface OperationEnding {
  /** How it ended, or where it stands. */
  readonly status: JournalStatus
  /** Whether it is known how it ended. False where the next command has to find out how it ended. */
  readonly closed: boolean
  /** The id that the provider gave the resource. Null where it is not known. A native id that the journal has is kept then. */
  readonly nativeId: NativeId | null
  /** What the provider knows the accepted work by. Null where it is not known. A request id that the journal has is kept then. */
  readonly requestId: RequestId | null
  /** Why it failed, or why its end is not known. */
  readonly failure: { readonly code: string; readonly message: string } | null
  /** What it changes in the inventory. */
  readonly change: InventoryChange
}

/**
 * Records the operations that change resources. Every method fails with
 * `SqlError` where the state cannot be read or written. One that writes also
 * fails with the other errors of `StateError`, where this agent does not hold
 * the state; the lists also fail with `JournalUnreadable` where a row is not
 * valid. A method that changes the inventory too fails with `OwnedElsewhere`
 * where the thing has another owner, and then records nothing.
 */
export class OperationJournal extends Context.Service<
  OperationJournal,
  {
    /** Records an operation before it is sent for the first time. */
    readonly recordIntent: (entry: JournalEntry) => Effect.Effect<void, StateError>
    /** Records that an operation is about to be sent again. */
    readonly recordSending: (operationId: OperationId) => Effect.Effect<void, StateError>
    /** Records progress, together with what exists already as a result. */
    readonly recordProgress: (
      operationId: OperationId,
      progress: { readonly requestId: RequestId | null; readonly nativeId: NativeId | null },
      change: InventoryChange,
    ) => Effect.Effect<void, StateError | OwnedElsewhere>
    /** Replaces the crashes that the operation has survived. */
    readonly recordCrashes: (operationId: OperationId, crashes: ReadonlyArray<Crash>) => Effect.Effect<void, StateError>
    /** Records how an operation ended, or what is known where it was left. Once it has ended, its secrets are deleted. */
    readonly recordEnd: (
      operationId: OperationId,
      ending: OperationEnding,
    ) => Effect.Effect<void, StateError | OwnedElsewhere>
    /** Records that things which existed were taken into a document, together with their rows: all of them, or none. */
    readonly recordImports: (
      imports: ReadonlyArray<{ readonly entry: JournalEntry; readonly change: InventoryChange }>,
    ) => Effect.Effect<void, StateError | OwnedElsewhere>
    /**
     * Records that a human has given up an operation. It becomes part of the
     * unfinished command of its forma, if there is one, so that this command
     * does not begin it again when it is resumed.
     */
    readonly recordForgotten: (operationId: OperationId) => Effect.Effect<void, StateError>
    /**
     * When an operation of one forma, or of any, that was cut off in the middle
     * of a call was last written, in milliseconds since 1970. Undefined where
     * there is none.
     */
    readonly lastCutOffAt: (forma?: string) => Effect.Effect<number | undefined, SqlError>
    /** The operations whose end is not known, of one forma or of all, oldest first. */
    readonly listOpen: (forma?: string) => Effect.Effect<ReadonlyArray<JournalEntry>, SqlError | JournalUnreadable>
    /** The names of the formae that have operations whose end is not known. */
    readonly openFormae: Effect.Effect<ReadonlyArray<string>, SqlError>
    /** How long operations took before. Empty where none has ended yet. */
    readonly usualDurations: Effect.Effect<ReadonlyArray<UsualDuration>, SqlError>
    /** All operations of a command, oldest first. */
    readonly listByCommand: (
      commandId: string,
    ) => Effect.Effect<ReadonlyArray<JournalEntry>, SqlError | JournalUnreadable>
    /** The operations on one resource, oldest first. */
    readonly history: (of: HistoryOf) => Effect.Effect<ReadonlyArray<PastOperation>, SqlError | JournalUnreadable>
    /** Gives a resource another label, in the inventory and in all of its operations. */
    readonly relabel: (forma: string, from: string, to: string) => Effect.Effect<void, StateError>
  }
>()("formae/agent/records/OperationJournal") {
  /** Keeps it in the store, and changes the inventory in the same transactions. */
  static readonly layerNoDeps = Layer.effect(
    OperationJournal,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const inventory = yield* Inventory
      const ownership = yield* StateOwnership
      const columns = sql.literal(
        `operation_id AS "operationId", command_id AS "commandId", forma, label, type, target, target_config AS "targetConfig", place, kind, desired, secrets, depends_on AS "dependsOn", care, native_id AS "nativeId", request_id AS "requestId", sent, status, settled AS "closed", failure, crashes`,
      )
      const checked = checkedRows(sql, "operations")
      const isRow = (operationId: string) => sql`operation_id = ${operationId}`
      const readAll = Effect.fnUntraced(function* (where: Fragment) {
        yield* refuseDamaged("operations", "operation_id", checked, where)
        const rows = yield* sql`SELECT ${columns} FROM operations WHERE ${where} ORDER BY started_at, operation_id`
        return yield* Effect.forEach(rows, (row) => readEntry(withoutNoCare(row)))
      })

      /** Updates an entry and makes the change in one transaction. */
      const together = (operationId: string, statement: Fragment, change: InventoryChange) => {
        const update = checked.update(isRow(operationId), statement)
        return ownership.write(change._tag === "None" ? update : Effect.andThen(update, makeChange(inventory, change)))
      }

      return OperationJournal.of({
        recordIntent: Effect.fn("OperationJournal.recordIntent")(function* (entry) {
          const row = yield* Effect.orDie(encodeEntry(entry))
          const now = yield* Clock.currentTimeMillis
          yield* ownership.write(checked.put(isRow(row.operationId), insertEntry(sql, row, now)))
        }),
        recordSending: Effect.fn("OperationJournal.recordSending")(function* (operationId) {
          const now = yield* Clock.currentTimeMillis
          const update = sql`UPDATE operations SET sent = sent + 1, status = 'InProgress', failure = NULL, updated_at = ${now} WHERE operation_id = ${operationId}`
          yield* ownership.write(checked.update(isRow(operationId), update))
        }),
        recordProgress: Effect.fn("OperationJournal.recordProgress")(function* (operationId, progress, change) {
          const { nativeId, requestId } = progress
          const now = yield* Clock.currentTimeMillis
          yield* together(
            operationId,
            sql`UPDATE operations SET request_id = ${requestId}, native_id = ${nativeId}, updated_at = ${now} WHERE operation_id = ${operationId}`,
            change,
          )
        }),
        recordCrashes: Effect.fn("OperationJournal.recordCrashes")(function* (operationId, crashes) {
          const now = yield* Clock.currentTimeMillis
          const text = yield* Effect.orDie(encodeCrashes(crashes))
          const update = sql`UPDATE operations SET crashes = ${text}, updated_at = ${now} WHERE operation_id = ${operationId}`
          yield* ownership.write(checked.update(isRow(operationId), update))
        }),
        recordEnd: Effect.fn("OperationJournal.recordEnd")(function* (operationId, ending) {
          const { failure, nativeId, requestId, closed, status } = ending
          const now = yield* Clock.currentTimeMillis
          yield* together(
            operationId,
            sql`UPDATE operations SET
                  status = ${status}, settled = ${closed ? 1 : 0}, failure = ${failure && JSON.stringify(failure)},
                  native_id = COALESCE(${nativeId}, native_id), request_id = COALESCE(${requestId}, request_id),
                  secrets = CASE WHEN ${closed ? 1 : 0} = 1 THEN NULL ELSE secrets END, updated_at = ${now}
                WHERE operation_id = ${operationId}`,
            ending.change,
          )
        }),
        recordForgotten: (operationId) =>
          Effect.flatMap(Clock.currentTimeMillis, (now) =>
            ownership.write(checked.update(isRow(operationId), forget(sql, operationId, now))),
          ),
        lastCutOffAt: Effect.fn("OperationJournal.lastCutOffAt")(function* (forma) {
          // Once a failure is written, no call is under way any more.
          const cutOff = sql`SELECT MAX(updated_at) FROM operations WHERE settled = 0 AND failure IS NULL`
          const [row] = yield* (forma === undefined ? cutOff : sql`${cutOff} AND forma = ${forma}`).values
          const last = row?.[0]
          return last === null || last === undefined ? undefined : Number(last)
        }),
        listOpen: Effect.fn("OperationJournal.listOpen")((forma) =>
          readAll(forma === undefined ? sql`settled = 0` : sql`settled = 0 AND forma = ${forma}`),
        ),
        openFormae: openFormae(sql),
        usualDurations: usualDurations(sql),
        listByCommand: Effect.fn("OperationJournal.listByCommand")((commandId) =>
          readAll(sql`command_id = ${commandId}`),
        ),
        recordImports: makeRecordImports({ sql, operations: checked, inventory, ownership }),
        ...makeResourceHistory({ sql, operations: checked, inventory, ownership }),
      })
    }),
  )

  /** The same, with the inventory of the store. */
  static readonly layer: Layer.Layer<OperationJournal, never, SqlClient.SqlClient | StateLock> = this.layerNoDeps.pipe(
    Layer.provide([Inventory.layer, StateOwnership.layer]),
  )
}

const openFormae = (sql: SqlClient.SqlClient): Effect.Effect<ReadonlyArray<string>, SqlError> =>
  Effect.map(sql`SELECT DISTINCT forma FROM operations WHERE settled = 0 ORDER BY forma`.values, (rows) =>
    rows.map(([forma]) => String(forma)),
  )

const forget = (sql: SqlClient.SqlClient, operationId: OperationId, now: number) => sql`
  UPDATE operations SET status = 'Forgotten', settled = 1, secrets = NULL, updated_at = ${now},
    command_id = COALESCE(
      (SELECT commands.command_id FROM commands
        WHERE commands.forma = operations.forma AND commands.status IN ('running', 'canceled')
        ORDER BY commands.started_at DESC, commands.command_id DESC LIMIT 1),
      command_id)
  WHERE operation_id = ${operationId}`

const encodeCrashes = Schema.encodeEffect(JournalEntry.fields.crashes)
const readEntry = readRow("operations", Schema.decodeUnknownEffect(JournalEntry), "operationId")
