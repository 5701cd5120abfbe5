import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import { noChange } from "../../../src/agent/records/InventoryChange.ts"
import type { JournalEntry } from "../../../src/agent/records/JournalEntry.ts"
import { type OperationEnding, OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { NativeId, OperationId, RequestId, ResourceType } from "../../../src/protocol/Identity.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { whileRefused } from "../refusedWrites.ts"
import { entryOf, nativeId, operationId, requestId } from "../operations/scripted.ts"
import { layerHolding } from "./holding.ts"

const layer = Layer.mergeAll(OperationJournal.layer, Inventory.layer).pipe(
  Layer.provideMerge(layerHolding),
  Layer.provideMerge(layerChosenStore),
)

const named = (name: string, more: Partial<JournalEntry> = {}): JournalEntry =>
  entryOf({ operationId: OperationId.make(name), label: name, ...more })

const ended = (more: Partial<OperationEnding> = {}): OperationEnding => ({
  status: "Succeeded",
  closed: true,
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
  care: { protect: true },
  nativeId,
  requestId,
  crashes: [{ at: 1.5, message: "it's gone" }],
})

describe("the journal of operations", () => {
  it.effect("knows how long operations took that went well at once, by type and kind", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const run = Effect.fnUntraced(function* (name: string, seconds: number, more: Partial<JournalEntry> = {}) {
        const entry = named(name, more)
        yield* journal.recordIntent({ ...entry, sent: 0, crashes: [] })
        yield* journal.recordSending(entry.operationId)
        yield* TestClock.adjust(`${seconds} seconds`)
        return entry.operationId
      })
      assert.deepEqual(yield* journal.usualDurations, [])
      yield* journal.recordEnd(yield* run("a", 2), ended())
      yield* journal.recordEnd(yield* run("b", 4), ended())
      yield* journal.recordEnd(yield* run("removed", 1, { kind: "Delete" }), ended())
      yield* journal.recordEnd(yield* run("failed", 60), ended({ status: "Failed" }))
      yield* run("open", 60)
      const again = yield* run("sent-again", 60)
      yield* journal.recordSending(again)
      yield* journal.recordEnd(again, ended())
      const crashed = yield* run("crashed", 60)
      yield* journal.recordCrashes(crashed, [{ at: 1, message: "gone" }])
      yield* journal.recordEnd(crashed, ended())
      const { type } = full
      assert.deepEqual(yield* journal.usualDurations, [
        { type, kind: "Create", meanMillis: 3_000 },
        { type, kind: "Delete", meanMillis: 1_000 },
      ])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("lists what was intended, oldest first", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const later = named("a-later", { type: ResourceType.make("Suite::Of::Other") })
      const other = named("of-another", { forma: "another", commandId: "command-2" })
      yield* journal.recordIntent(full)
      yield* TestClock.adjust("1 second")
      yield* journal.recordIntent(later)
      yield* journal.recordIntent(other)
      assert.deepEqual(yield* journal.listOpen("shop"), [full, later])
      assert.deepEqual(yield* journal.listOpen(), [full, later, other])
      assert.deepEqual(yield* journal.listOpen("nothing"), [])
      assert.deepEqual(yield* journal.listByCommand("command-1"), [full, later])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("records what happens to one operation, and changes no other", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const other = named("other")
      yield* journal.recordIntent(entryOf())
      yield* journal.recordIntent(other)
      const crashes = [{ at: 7, message: "the plugin was killed" }]
      yield* journal.recordSending(operationId)
      yield* journal.recordCrashes(operationId, crashes)
      yield* journal.recordProgress(operationId, { requestId, nativeId: null }, noChange)
      assert.deepEqual(yield* journal.listOpen("shop"), [entryOf({ sent: 2, crashes, requestId }), other])
      const left = ended({ status: "NeedsAttention", closed: false, failure: { code: "C", message: "it's open" } })
      yield* journal.recordEnd(operationId, left)
      const [entry] = yield* journal.listOpen("shop")
      assert.deepInclude(entry, { status: "NeedsAttention", closed: false, failure: left.failure })
      // It continues.
      yield* journal.recordSending(operationId)
      assert.deepInclude((yield* journal.listOpen("shop"))[0], { status: "InProgress", sent: 3 })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("knows when a cut-off operation was last written, even one that was left open and then sent again", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      assert.isUndefined(yield* journal.lastCutOffAt())
      yield* journal.recordIntent(entryOf())
      assert.strictEqual(yield* journal.lastCutOffAt(), 0)
      yield* journal.recordEnd(
        operationId,
        ended({ status: "InProgress", closed: false, failure: { code: "C", message: "" } }),
      )
      assert.isUndefined(yield* journal.lastCutOffAt())
      yield* TestClock.adjust("5 millis")
      yield* journal.recordSending(operationId)
      assert.strictEqual(yield* journal.lastCutOffAt(), 5)
    }).pipe(Effect.provide(layer)),
  )
})

describe("an operation that a human has forgotten", () => {
  it.effect("becomes part of the latest unfinished command of its forma", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const sql = yield* SqlClient.SqlClient
      for (const [id, startedAt] of [
        ["an-early-one", 1],
        ["the-last-one", 3],
        ["a-middle-one", 2],
      ] as const) {
        yield* sql`INSERT INTO commands (command_id, command, forma, status, started_at) VALUES (${id}, 'apply', 'shop', 'canceled', ${startedAt})`
      }
      yield* journal.recordIntent(entryOf())
      yield* journal.recordForgotten(operationId)
      assert.lengthOf(yield* journal.listByCommand("the-last-one"), 1)
    }).pipe(Effect.provide(layer)),
  )
})

describe("labels that are renamed", () => {
  it.effect("are renamed in what an open operation refers to, and only there", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const inventory = yield* Inventory
      const sql = yield* SqlClient.SqlClient
      const references = { dependsOn: ["old", "other"] }
      yield* journal.recordIntent(named("open", references))
      yield* journal.recordIntent(named("ended", references))
      yield* journal.recordIntent(named("elsewhere", { ...references, forma: "another" }))
      yield* journal.recordIntent(named("damaged", references))
      yield* journal.recordEnd(OperationId.make("ended"), ended())
      yield* sql`UPDATE operations SET sent = 7 WHERE operation_id = 'damaged'`
      yield* inventory.relabel("shop", [
        { from: "old", to: "other" },
        { from: "other", to: "old" },
      ])
      const rows = yield* sql`SELECT operation_id, depends_on FROM operations ORDER BY operation_id`.values
      assert.deepEqual(Object.fromEntries(rows), {
        damaged: '["other","old"]',
        elsewhere: '["old","other"]',
        ended: '["old","other"]',
        open: '["other","old"]',
      })
      // A damaged one stays so.
      assert.deepInclude(yield* Effect.flip(journal.listOpen("shop")), { _tag: "JournalUnreadable", id: "damaged" })
      yield* sql`DELETE FROM operations WHERE operation_id = 'damaged'`
      assert.deepEqual((yield* journal.listOpen("shop"))[0]?.dependsOn, ["other", "old"])
    }).pipe(Effect.provide(layer)),
  )
})

describe("the end of an operation in the journal", () => {
  it.effect("deletes its secrets, unless it is left open", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      yield* journal.recordIntent(full)
      yield* journal.recordEnd(operationId, ended({ status: "InProgress", closed: false }))
      assert.deepInclude((yield* journal.listOpen())[0], { secrets: "locked" })
      yield* journal.recordEnd(operationId, ended())
      assert.deepEqual(yield* journal.listOpen(), [])
      assert.deepInclude((yield* journal.listByCommand("command-1"))[0], { secrets: null, closed: true })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("keeps the native id if it has none itself", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      yield* journal.recordIntent(full)
      yield* journal.recordEnd(operationId, ended({ nativeId: null }))
      assert.deepInclude((yield* journal.listByCommand("command-1"))[0], { nativeId })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("changes the inventory in the same transaction: if one write fails, neither is done", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const inventory = yield* Inventory
      const { forma, label, place, target, targetConfig, type } = full
      const row = {
        forma,
        label,
        place,
        target,
        targetConfig,
        type,
        nativeId,
        desired: {},
        actual: {},
        dependsOn: [],
        exactPaths: [],
      }
      const put = { _tag: "Put", row } as const
      yield* journal.recordIntent(full)
      const made = { requestId: RequestId.make("later"), nativeId: NativeId.make("later") }
      yield* whileRefused(
        { on: "INSERT", table: "resources" },
        Effect.gen(function* () {
          assert.strictEqual((yield* Effect.flip(journal.recordProgress(operationId, made, put)))._tag, "SqlError")
          const end = journal.recordEnd(operationId, ended({ change: put }))
          assert.strictEqual((yield* Effect.flip(end))._tag, "SqlError")
          assert.deepEqual(yield* journal.listOpen(), [full])
        }),
      )
      yield* journal.recordProgress(operationId, made, put)
      assert.deepEqual(yield* inventory.list(), [row])
      yield* journal.recordEnd(operationId, ended({ change: { _tag: "Remove", forma, label, nativeId: row.nativeId } }))
      assert.deepEqual(yield* inventory.list(), [])
    }).pipe(Effect.provide(layer)),
  )
})

describe("an operation in the journal that cannot be read", () => {
  it.effect("is reported, and none of its values are shown", () =>
    Effect.gen(function* () {
      const journal = yield* OperationJournal
      const sql = yield* SqlClient.SqlClient
      yield* journal.recordIntent(entryOf())
      yield* journal.recordIntent(named("other"))
      for (const column of ["desired", "crashes", "failure", "target_config", "kind", "status", "type"]) {
        for (const value of ["hunter2", '["hunter2"]']) {
          yield* sql`UPDATE operations SET ${sql(column)} = ${value}, checksum = NULL WHERE operation_id = 'other'`
          for (const read of [journal.listOpen(), journal.listByCommand("command-1")]) {
            const error = yield* Effect.flip(read)
            assert.deepInclude(error, { _tag: "JournalUnreadable", table: "operations", id: "other" })
            assert.include(error.message, "other")
            assert.notInclude(error.message, "hunter2")
          }
        }
        yield* sql`DELETE FROM operations WHERE operation_id = 'other'`
        yield* journal.recordIntent(named("other"))
      }
    }).pipe(Effect.provide(layer)),
  )
})
