import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import type { SqlError } from "effect/sql/SqlError"
import { CommandJournal } from "../../../src/agent/records/CommandJournal.ts"
import { Inventory, type InventoryRow, type InventoryUnreadable } from "../../../src/agent/records/Inventory.ts"
import { noChange } from "../../../src/agent/records/InventoryChange.ts"
import type { JournalUnreadable } from "../../../src/agent/records/JournalUnreadable.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { NativeId, ResourceType } from "../../../src/protocol/Identity.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { entryOf, nativeId, operationId, requestId } from "../operations/scripted.ts"
import { layerHolding } from "./holding.ts"

const layer = Layer.mergeAll(OperationJournal.layer, Inventory.layer, CommandJournal.layerNoDeps).pipe(
  Layer.provideMerge(layerHolding),
  Layer.provideMerge(layerChosenStore),
)

const row: InventoryRow = {
  forma: "shop",
  label: "web",
  type: ResourceType.make("Suite::Of::Thing"),
  target: "here",
  targetConfig: { region: "here" },
  place: "here",
  nativeId: NativeId.make("i-0a1b2c3d"),
  desired: { Name: "it's", Nested: [{ a: 1 }] },
  actual: { Name: "it's", Id: "i-0a1b2c3d" },
  dependsOn: ["other"],
  exactPaths: [],
}

/** One row in each table, and how each is read. */
const written = Effect.gen(function* () {
  const commands = yield* CommandJournal
  const inventory = yield* Inventory
  const journal = yield* OperationJournal
  yield* inventory.put(row)
  yield* commands.begin({ command: "destroy", commandId: "command-1", forma: "shop" }, undefined)
  yield* journal.recordIntent(entryOf())
  yield* journal.recordSending(operationId)
  yield* journal.recordCrashes(operationId, [{ at: 1, message: "it's gone" }])
  yield* journal.recordProgress(operationId, { requestId, nativeId }, noChange)
  const failure = { code: "NetworkFailure", message: "lost" }
  yield* journal.recordEnd(operationId, {
    status: "Failed",
    closed: false,
    nativeId,
    requestId,
    failure,
    change: noChange,
  })
  return {
    resources: inventory.list("shop"),
    operations: journal.listOpen("shop"),
    commands: Effect.flatMap(commands.unfinished, ({ commands: [...readable], unreadable: [damaged] }) =>
      damaged === undefined ? Effect.succeed(readable) : Effect.fail(damaged),
    ),
  } as const
})

type Table = "commands" | "operations" | "resources"

type Read = Effect.Effect<ReadonlyArray<unknown>, InventoryUnreadable | JournalUnreadable | SqlError>

/** The texts of the only row of a table, by their columns. */
const textsOf = Effect.fnUntraced(function* (table: Table) {
  const sql = yield* SqlClient.SqlClient
  const [found] = yield* sql`SELECT * FROM ${sql(table)}`
  return Object.entries(found ?? {}).flatMap(([column, value]) =>
    typeof value === "string" && column !== "checksum" ? [[column, value] as const] : [],
  )
})

describe("a row of the state", () => {
  it.effect.each<Table>(["resources", "operations", "commands"])(
    "of %s is refused by name for each byte of it that has changed by itself",
    (table) =>
      Effect.gen(function* () {
        const read: Read = (yield* written)[table]
        const sql = yield* SqlClient.SqlClient
        assert.lengthOf(yield* read, 1)
        // Those that say which rows are read are guarded by an index, which SQLite checks as the file is opened.
        const chosenBy = table === "commands" ? [] : ["forma"]
        for (const [column, text] of yield* textsOf(table)) {
          if (chosenBy.includes(column)) continue
          for (let at = 0; at < text.length; at++) {
            const damaged = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1)
            yield* sql`UPDATE ${sql(table)} SET ${sql(column)} = ${damaged}`
            const error = yield* Effect.flip(read)
            assert.strictEqual(error._tag, table === "resources" ? "InventoryUnreadable" : "JournalUnreadable")
            const name = { resources: "shop/web", operations: operationId, commands: "command-1" }[table]
            if (!["forma", "label", "operation_id", "command_id"].includes(column)) assert.include(error.message, name)
            assert.include(error.message, "its checksum does not match")
          }
          yield* sql`UPDATE ${sql(table)} SET ${sql(column)} = ${text}`
        }
        assert.lengthOf(yield* read, 1)
      }).pipe(Effect.provide(layer)),
  )

  it.effect("that is damaged is not made right by an update, but by being replaced", () =>
    Effect.gen(function* () {
      const read = yield* written
      const journal = yield* OperationJournal
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE operations SET native_id = 'i-other'`
      yield* journal.recordSending(operationId)
      yield* Effect.flip(read.operations)
      yield* sql`UPDATE resources SET native_id = 'i-other'`
      yield* Effect.flip(read.resources)
      yield* inventory.put(row)
      assert.deepEqual(yield* read.resources, [row])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("without a checksum is accepted, and gets one at its next write", () =>
    Effect.gen(function* () {
      const read = yield* written
      const journal = yield* OperationJournal
      const sql = yield* SqlClient.SqlClient
      for (const table of ["resources", "operations", "commands"]) yield* sql`UPDATE ${sql(table)} SET checksum = NULL`
      assert.lengthOf(yield* read.resources, 1)
      assert.lengthOf(yield* read.commands, 1)
      assert.lengthOf(yield* read.operations, 1)
      yield* journal.recordSending(operationId)
      assert.lengthOf(yield* sql`SELECT * FROM operations WHERE checksum IS NOT NULL`, 1)
      yield* sql`UPDATE operations SET native_id = 'i-other'`
      yield* Effect.flip(read.operations)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("that a statement has given to another forma is refused there, and where all are listed", () =>
    Effect.gen(function* () {
      yield* written
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE resources SET forma = 'shoq'`
      for (const list of [inventory.list("shoq"), inventory.list(), Stream.runCollect(inventory.stream)]) {
        assert.strictEqual((yield* Effect.flip(list))._tag, "InventoryUnreadable")
      }
    }).pipe(Effect.provide(layer)),
  )
})
