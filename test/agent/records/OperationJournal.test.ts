import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import { noChange } from "../../../src/agent/records/InventoryChange.ts"
import type { JournalEntry } from "../../../src/agent/records/JournalEntry.ts"
import { type Ending, OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { NativeId, OperationId, RequestId, ResourceType } from "../../../src/protocol/Identity.ts"
import { entryOf, nativeId, operationId, requestId } from "../operations/scripted.ts"

const layer = OperationJournal.layer.pipe(Layer.provideMerge(Inventory.layer), Layer.provideMerge(Store.layerMemory))

const named = (name: string, more: Partial<JournalEntry> = {}): JournalEntry =>
  entryOf({ operationId: OperationId.make(name), label: name, ...more })

const ended = (more: Partial<Ending> = {}): Ending => ({
  status: "Succeeded",
  settled: true,
  nativeId,
  requestId: null,
  failure: null,
  change: noChange,
  ...more,
})

const full = entryOf({
  desired: { Name: "it's", Nested: [{ a: null }] },
  secrets: "locked",
  dependsOn: ["other"],
  targetConfig: { region: "here" },
  nativeId,
  requestId,
  crashes: [{ at: 1.5, message: "it's gone" }],
})

describe("the journal of operations", () => {
  it.effect("gives back what was intended, in the order in which it was begun", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const later = named("a-later", { type: ResourceType.make("Suite::Of::Other") })
      const other = named("of-another", { forma: "another", commandId: "command-2" })
      yield* journal.intend(full)
      yield* TestClock.adjust("1 second")
      yield* journal.intend(later)
      yield* journal.intend(other)
      assert.deepEqual(yield* journal.open("shop"), [full, later])
      assert.deepEqual(yield* journal.open(), [full, later, other])
      assert.deepEqual(yield* journal.open("nothing"), [])
      assert.deepEqual(yield* journal.ofCommand("command-1"), [full, later])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("writes what is heard of one operation, and of no other", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const other = named("other")
      yield* journal.intend(entryOf())
      yield* journal.intend(other)
      const crashes = [{ at: 7, message: "the plugin was killed" }]
      yield* journal.sendAgain(operationId)
      yield* journal.crashed(operationId, crashes)
      yield* journal.progressed(operationId, { requestId, nativeId: null }, noChange)
      assert.deepEqual(yield* journal.open("shop"), [entryOf({ sent: 2, crashes, requestId }), other])
      const left = ended({ status: "NeedsAttention", settled: false, failure: { code: "C", message: "it's open" } })
      yield* journal.end(operationId, left)
      const [entry] = yield* journal.open("shop")
      assert.deepInclude(entry, { status: "NeedsAttention", settled: false, failure: left.failure })
      // It goes on.
      yield* journal.sendAgain(operationId)
      assert.deepInclude((yield* journal.open("shop"))[0], { status: "InProgress", sent: 3 })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("tells when what was cut off was last written: also what had been left before, and was sent again", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      assert.isUndefined(yield* journal.lastWriteOfCutOff)
      yield* journal.intend(entryOf())
      assert.strictEqual(yield* journal.lastWriteOfCutOff, 0)
      yield* journal.end(
        operationId,
        ended({ status: "InProgress", settled: false, failure: { code: "C", message: "" } }),
      )
      assert.isUndefined(yield* journal.lastWriteOfCutOff)
      yield* TestClock.adjust("5 millis")
      yield* journal.sendAgain(operationId)
      assert.strictEqual(yield* journal.lastWriteOfCutOff, 5)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("keeps secrets for as long as an operation is open", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      yield* journal.intend(full)
      yield* journal.end(operationId, ended({ status: "InProgress", settled: false }))
      assert.deepInclude((yield* journal.open())[0], { secrets: "locked" })
      yield* journal.end(operationId, ended())
      assert.deepEqual(yield* journal.open(), [])
      assert.deepInclude((yield* journal.ofCommand("command-1"))[0], { secrets: null, settled: true })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("keeps the native id that is known where an end tells none", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      yield* journal.intend(full)
      yield* journal.end(operationId, ended({ nativeId: null }))
      assert.deepInclude((yield* journal.ofCommand("command-1"))[0], { nativeId })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("changes the inventory with what is written, and takes both back where one fails", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      const { forma, label, target, targetConfig, type } = full
      const row = { forma, label, target, targetConfig, type, nativeId, desired: {}, actual: {}, dependsOn: [] }
      const put = { _tag: "Put", row } as const
      yield* journal.intend(full)
      yield* sql`CREATE TRIGGER full BEFORE INSERT ON resources BEGIN SELECT RAISE(ABORT, 'disk is full'); END`
      const made = { requestId: RequestId.make("later"), nativeId: NativeId.make("later") }
      assert.strictEqual((yield* Effect.flip(journal.progressed(operationId, made, put)))._tag, "SqlError")
      assert.strictEqual((yield* Effect.flip(journal.end(operationId, ended({ change: put }))))._tag, "SqlError")
      assert.deepEqual(yield* journal.open(), [full])
      yield* sql`DROP TRIGGER full`
      yield* journal.progressed(operationId, made, put)
      assert.deepEqual(yield* inventory.list(), [row])
      yield* journal.end(operationId, ended({ change: { _tag: "Remove", forma, label, nativeId: row.nativeId } }))
      assert.deepEqual(yield* inventory.list(), [])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("says which operation can not be read, and nothing of what is in it", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const sql = yield* SqlClient.SqlClient
      yield* journal.intend(entryOf())
      yield* journal.intend(named("other"))
      for (const column of ["desired", "crashes", "failure", "target_config", "kind", "status", "type"]) {
        for (const value of ["hunter2", '["hunter2"]']) {
          yield* sql`UPDATE operations SET ${sql(column)} = ${value} WHERE operation_id = 'other'`
          for (const read of [journal.open(), journal.ofCommand("command-1")]) {
            const error = yield* Effect.flip(read)
            assert.deepInclude(error, { _tag: "JournalUnreadable", table: "operations", id: "other" })
            assert.include(error.message, "other")
            assert.notInclude(error.message, "hunter2")
          }
        }
        yield* sql`DELETE FROM operations WHERE operation_id = 'other'`
        yield* journal.intend(named("other"))
      }
    }).pipe(Effect.provide(layer)),
  )
})
