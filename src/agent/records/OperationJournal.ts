/**
 * The journal of operations, written ahead: the intent before anything is
 * sent, progress before anything is made of it, and the end in one transaction
 * with what it changes in the inventory.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { NativeId, OperationId, RequestId } from "../../protocol/Identity.ts"
import { Inventory } from "./Inventory.ts"
import type { InventoryChange } from "./InventoryChange.ts"
import { type Crash, JournalEntry, type JournalStatus } from "./JournalEntry.ts"
import { type JournalUnreadable, readRow } from "./JournalUnreadable.ts"

/** How an operation ended, or where it was left. */
export interface Ending {
  readonly status: JournalStatus
  /** False where the next command has to find out more. */
  readonly settled: boolean
  readonly nativeId: NativeId | null
  readonly requestId: RequestId | null
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly change: InventoryChange
}

const decodeEntry = Schema.decodeUnknownEffect(JournalEntry)
const encodeEntry = Schema.encodeEffect(JournalEntry)
const encodeCrashes = Schema.encodeEffect(JournalEntry.fields.crashes)

const readEntry = readRow("operations", decodeEntry, "operationId")

type Listed = Effect.Effect<ReadonlyArray<JournalEntry>, SqlError | JournalUnreadable>

export class OperationJournal extends Context.Service<
  OperationJournal,
  {
    /** Before the operation is sent for the first time. */
    readonly intend: (entry: JournalEntry) => Effect.Effect<void, SqlError>
    /** Before it is sent again. */
    readonly sendAgain: (operationId: OperationId) => Effect.Effect<void, SqlError>
    /** Before anything is made of a progress. `part` is what exists by then. */
    readonly progressed: (
      operationId: OperationId,
      progress: { readonly requestId: RequestId | null; readonly nativeId: NativeId | null },
      part: InventoryChange,
    ) => Effect.Effect<void, SqlError>
    readonly crashed: (operationId: OperationId, crashes: ReadonlyArray<Crash>) => Effect.Effect<void, SqlError>
    /** The end, or what is known where it is left; the secrets go once it is settled. */
    readonly end: (operationId: OperationId, ending: Ending) => Effect.Effect<void, SqlError>
    /** When something was last written of what was cut off, in milliseconds since 1970. */
    readonly lastWriteOfCutOff: Effect.Effect<number | undefined, SqlError>
    /** What is not settled, of one forma or of all, in the order in which it was begun. */
    readonly open: (forma?: string) => Listed
    readonly ofCommand: (commandId: string) => Listed
  }
>()("formae/agent/records/OperationJournal") {
  static readonly layer: Layer.Layer<OperationJournal, never, SqlClient.SqlClient | Inventory> = Layer.effect(
    OperationJournal,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const inventory = yield* Inventory
      const columns = sql.literal(
        `operation_id AS "operationId", command_id AS "commandId", forma, label, type, target, target_config AS "targetConfig", kind, desired, secrets, depends_on AS "dependsOn", native_id AS "nativeId", request_id AS "requestId", sent, status, settled, failure, crashes`,
      )
      const readAll = (rows: ReadonlyArray<unknown>) => Effect.forEach(rows, readEntry)

      const change = (what: InventoryChange): Effect.Effect<void, SqlError> => {
        switch (what._tag) {
          case "Put":
            return inventory.put(what.row)
          case "Remove":
            return inventory.remove(what.forma, what.label, what.nativeId)
          case "None":
            return Effect.void
        }
      }
      /** One statement is whole by itself; two are made so. */
      const together = (statement: Effect.Effect<unknown, SqlError>, what: InventoryChange) =>
        what._tag === "None" ? Effect.asVoid(statement) : sql.withTransaction(Effect.andThen(statement, change(what)))

      return OperationJournal.of({
        intend: Effect.fn("OperationJournal.intend")(function* (entry) {
          const row = yield* Effect.orDie(encodeEntry(entry))
          const now = yield* Clock.currentTimeMillis
          yield* sql`
            INSERT INTO operations
              (operation_id, command_id, forma, label, type, target, target_config, kind, desired, secrets, depends_on,
               native_id, request_id, sent, status, settled, failure, crashes, started_at, updated_at)
            VALUES
              (${row.operationId}, ${row.commandId}, ${row.forma}, ${row.label}, ${row.type}, ${row.target},
               ${row.targetConfig}, ${row.kind}, ${row.desired}, ${row.secrets}, ${row.dependsOn}, ${row.nativeId},
               ${row.requestId}, ${row.sent}, ${row.status}, ${row.settled}, ${row.failure}, ${row.crashes}, ${now}, ${now})`
        }),
        sendAgain: Effect.fn("OperationJournal.sendAgain")(function* (operationId) {
          const now = yield* Clock.currentTimeMillis
          yield* sql`UPDATE operations SET sent = sent + 1, status = 'InProgress', failure = NULL, updated_at = ${now} WHERE operation_id = ${operationId}`
        }),
        progressed: Effect.fn("OperationJournal.progressed")(function* (operationId, { nativeId, requestId }, part) {
          const now = yield* Clock.currentTimeMillis
          yield* together(
            sql`UPDATE operations SET request_id = ${requestId}, native_id = ${nativeId}, updated_at = ${now} WHERE operation_id = ${operationId}`,
            part,
          )
        }),
        crashed: Effect.fn("OperationJournal.crashed")(function* (operationId, crashes) {
          const now = yield* Clock.currentTimeMillis
          const text = yield* Effect.orDie(encodeCrashes(crashes))
          yield* sql`UPDATE operations SET crashes = ${text}, updated_at = ${now} WHERE operation_id = ${operationId}`
        }),
        end: Effect.fn("OperationJournal.end")(function* (operationId, ending) {
          const { failure, nativeId, requestId, settled, status } = ending
          const now = yield* Clock.currentTimeMillis
          const text = failure === null ? null : JSON.stringify(failure)
          yield* together(
            sql`UPDATE operations SET
                  status = ${status}, settled = ${settled ? 1 : 0}, failure = ${text},
                  native_id = COALESCE(${nativeId}, native_id), request_id = COALESCE(${requestId}, request_id),
                  secrets = CASE WHEN ${settled ? 1 : 0} = 1 THEN NULL ELSE secrets END, updated_at = ${now}
                WHERE operation_id = ${operationId}`,
            ending.change,
          )
        }),
        // Where a failure is written, no call was under way any more.
        lastWriteOfCutOff: Effect.map(
          sql`SELECT updated_at FROM operations WHERE settled = 0 AND failure IS NULL ORDER BY updated_at DESC LIMIT 1`
            .values,
          ([row]) => (row === undefined ? undefined : Number(row[0])),
        ),
        open: Effect.fn("OperationJournal.open")(function* (forma) {
          const rows =
            forma === undefined
              ? yield* sql`SELECT ${columns} FROM operations WHERE settled = 0 ORDER BY started_at, operation_id`
              : yield* sql`SELECT ${columns} FROM operations WHERE settled = 0 AND forma = ${forma} ORDER BY started_at, operation_id`
          return yield* readAll(rows)
        }),
        ofCommand: Effect.fn("OperationJournal.ofCommand")(function* (commandId) {
          const rows =
            yield* sql`SELECT ${columns} FROM operations WHERE command_id = ${commandId} ORDER BY started_at, operation_id`
          return yield* readAll(rows)
        }),
      })
    }),
  )
}
