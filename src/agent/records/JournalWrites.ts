/** How an operation is written into the journal, and what it changes in the inventory. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import { CurrentAsked } from "./Asked.ts"
import { type CheckedRows, checkedRows } from "./CheckedRows.ts"
import type { Inventory } from "./Inventory.ts"
import type { InventoryChange } from "./InventoryChange.ts"
import { JournalEntry } from "./JournalEntry.ts"
import type { OwnedElsewhere } from "./OwnedElsewhere.ts"
import type { StateError } from "./StateError.ts"
import type { StateOwnership } from "./StateOwnership.ts"

export const encodeEntry = Schema.encodeEffect(JournalEntry)

export const insertEntry = (sql: SqlClient, row: typeof JournalEntry.Encoded, now: number) => sql`
  INSERT INTO operations
    (operation_id, command_id, forma, label, type, target, target_config, place, kind, desired, secrets, depends_on, care,
     native_id, request_id, sent, status, settled, failure, crashes, started_at, updated_at)
  VALUES
    (${row.operationId}, ${row.commandId}, ${row.forma}, ${row.label}, ${row.type}, ${row.target},
     ${row.targetConfig}, ${row.place}, ${row.kind}, ${row.desired}, ${row.secrets}, ${row.dependsOn}, ${row.care ?? null}, ${row.nativeId},
     ${row.requestId}, ${row.sent}, ${row.status}, ${row.closed}, ${row.failure}, ${row.crashes}, ${now}, ${now})`

export const makeChange = (
  inventory: Inventory["Service"],
  change: Exclude<InventoryChange, { _tag: "None" }>,
): Effect.Effect<void, StateError | OwnedElsewhere> => {
  if (change._tag === "Remove") return inventory.remove(change.forma, change.label, change.nativeId)
  const { from, row } = change
  const put = inventory.put(row)
  return from === undefined ? put : Effect.andThen(inventory.remove(row.forma, from, row.nativeId), put)
}

interface Records {
  readonly sql: SqlClient
  readonly operations: CheckedRows
  readonly inventory: Inventory["Service"]
  readonly ownership: StateOwnership["Service"]
}

/** Records imports together with their rows, and that somebody has asked for them: all of it, or nothing. */
export const makeRecordImports = ({ inventory, operations, ownership, sql }: Records) => {
  const commands = checkedRows(sql, "commands")

  const recordCommands = Effect.fnUntraced(function* (entries: ReadonlyArray<JournalEntry>, now: number) {
    const { by, request = null } = yield* CurrentAsked
    for (const [commandId, forma] of new Map(entries.map((entry) => [entry.commandId, entry.forma]))) {
      const insert = sql`
        INSERT INTO commands (command_id, command, forma, status, started_at, ended_at, asked_by, request)
        VALUES (${commandId}, 'import', ${forma}, 'succeeded', ${now}, ${now}, ${by}, ${request})`
      yield* commands.put(sql`command_id = ${commandId}`, insert)
    }
  })

  return Effect.fn("OperationJournal.recordImports")(function* (
    imports: ReadonlyArray<{ readonly entry: JournalEntry; readonly change: InventoryChange }>,
  ): Effect.fn.Return<void, StateError | OwnedElsewhere> {
    const now = yield* Clock.currentTimeMillis
    const writes = yield* Effect.forEach(imports, ({ change, entry }) =>
      Effect.map(Effect.orDie(encodeEntry(entry)), (row) => {
        const put = operations.put(sql`operation_id = ${row.operationId}`, insertEntry(sql, row, now))
        return change._tag === "None" ? put : Effect.andThen(put, makeChange(inventory, change))
      }),
    )
    const recorded = recordCommands(
      imports.map(({ entry }) => entry),
      now,
    )
    yield* ownership.write(Effect.andThen(recorded, Effect.all(writes, { discard: true })))
  })
}
