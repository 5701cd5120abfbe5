import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import type { FormaDocument } from "../../../src/agent/forma/FormaDocument.ts"
import { CommandJournal } from "../../../src/agent/records/CommandJournal.ts"
import type { CommandStatus, JournaledCommand } from "../../../src/agent/records/CommandStatus.ts"

import { noChange } from "../../../src/agent/records/InventoryChange.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { Namespace, OperationId, ResourceType } from "../../../src/protocol/Identity.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { entryOf } from "../operations/scripted.ts"
import { layerHolding } from "./holding.ts"

const layer = Layer.mergeAll(CommandJournal.layerNoDeps, OperationJournal.layer).pipe(
  Layer.provideMerge(layerHolding),
  Layer.provideMerge(layerChosenStore),
)

const document: FormaDocument = {
  name: "shop",
  targets: { here: { namespace: Namespace.make("Suite"), config: { region: "here" } } },
  resources: [
    { label: "a", type: ResourceType.make("Suite::Of::Thing"), target: "here", properties: { Password: "hunter2" } },
  ],
}

/** The commands of the store, as `FORMA STATUS`, and whether the document is kept. */
const kept = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  Effect.map(
    sql`SELECT forma, status, CASE WHEN document IS NULL THEN 0 ELSE 1 END FROM commands ORDER BY started_at, command_id`
      .values,
    (rows) => rows.map(([forma, status, has]) => `${forma} ${status}${has === 1 ? ", document kept" : ""}`),
  ),
)

let begun = 0
/** Begins a command, and returns its id. */
const begin = Effect.fnUntraced(function* (
  command: JournaledCommand,
  forma: string,
  document: FormaDocument | undefined,
) {
  const commandId = `command-${String((begun += 1)).padStart(5, "0")}`
  yield* (yield* CommandJournal).begin({ command, commandId, forma }, document)
  return commandId
})

describe("the journal of commands", () => {
  it.effect("returns a document with larger properties than may be created now", () =>
    Effect.gen(function* () {
      const journal = yield* CommandJournal
      const resources = document.resources.map((resource) => ({
        ...resource,
        properties: { A: "x".repeat(5_000_000) },
      }))
      yield* begin("apply", "large", { ...document, resources })
      const [command] = (yield* journal.unfinished).commands
      assert.isDefined(command)
      assert.deepEqual((yield* journal.documentOf(command))?.resources, resources)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("returns what a command was asked to do, and shows nothing of its document", () =>
    Effect.gen(function* () {
      const journal = yield* CommandJournal
      const sql = yield* SqlClient.SqlClient
      yield* TestClock.setTime(1_000)
      const applied = yield* begin("apply", "shop", document)
      yield* TestClock.adjust("1 second")
      const destroyed = yield* begin("destroy", "other", undefined)
      const [first, second] = (yield* journal.unfinished).commands
      assert.deepInclude(first, { commandId: applied, command: "apply", forma: "shop", status: "running" })
      assert.deepInclude(first, { startedAt: 1_000 })
      assert.deepInclude(second, { commandId: destroyed, command: "destroy", forma: "other", document: null })
      assert.isDefined(first)
      assert.isDefined(second)
      assert.deepEqual(yield* journal.documentOf(first), document)
      assert.isUndefined(yield* journal.documentOf(second))
      assert.notInclude(JSON.stringify(yield* sql`SELECT * FROM commands`), "hunter2")
    }).pipe(Effect.provide(layer)),
  )

  it.effect.each<readonly [CommandStatus, ReadonlyArray<string>, number]>([
    ["succeeded", ["shop succeeded"], 0],
    ["failed", ["shop failed"], 0],
    // It can be resumed.
    ["canceled", ["shop canceled, document kept"], 1],
  ])(
    "keeps the document of a command that has ended only if it can be resumed (%s)",
    ([status, expected, unfinished]) =>
      Effect.gen(function* () {
        const journal = yield* CommandJournal
        const commandId = yield* begin("apply", "shop", document)
        yield* begin("apply", "other", document)
        yield* journal.end(commandId, status)
        assert.deepEqual(yield* kept, [...expected, "other running, document kept"])
        assert.lengthOf((yield* journal.unfinished).commands, unfinished + 1)
      }).pipe(Effect.provide(layer)),
  )
})

describe("old commands in the journal", () => {
  it.effect("are superseded by a later command of the same forma, and of no other", () =>
    Effect.gen(function* () {
      const journal = yield* CommandJournal
      yield* begin("apply", "other", document)
      const canceled = yield* begin("apply", "shop", document)
      yield* journal.end(canceled, "canceled")
      const failed = yield* TestClock.adjust("1 second").pipe(Effect.andThen(begin("apply", "shop", document)))
      yield* journal.end(failed, "failed")
      yield* TestClock.adjust("1 second")
      yield* begin("apply", "shop", document)
      yield* TestClock.adjust("1 second")
      yield* begin("destroy", "shop", undefined)
      assert.deepEqual(yield* kept, [
        "other running, document kept",
        "shop superseded",
        "shop failed",
        "shop superseded",
        "shop running",
      ])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("are deleted after 30 days if they have ended and left nothing open", () =>
    Effect.gen(function* () {
      const journal = yield* CommandJournal
      const operations = yield* OperationJournal
      const sql = yield* SqlClient.SqlClient
      const endOf = (status: CommandStatus, forma: string, open: boolean) =>
        Effect.gen(function* () {
          const commandId = yield* begin("apply", forma, document)
          const operationId = OperationId.make(`${forma}-1`)
          yield* operations.recordIntent(entryOf({ operationId, commandId, forma }))
          if (!open) {
            yield* operations.recordEnd(operationId, {
              status: "Succeeded",
              closed: true,
              nativeId: null,
              requestId: null,
              failure: null,
              change: noChange,
            })
          }
          yield* journal.end(commandId, status)
        })
      yield* endOf("succeeded", "done", false)
      yield* endOf("failed", "open", true)
      yield* endOf("canceled", "resumable", false)
      yield* begin("apply", "running", document)
      const operationsLeft = Effect.map(sql`SELECT operation_id FROM operations ORDER BY operation_id`.values, (rows) =>
        rows.flat(),
      )
      yield* TestClock.adjust("30 days")
      yield* begin("apply", "next", document)
      assert.lengthOf(yield* kept, 5)
      assert.deepEqual(yield* operationsLeft, ["done-1", "open-1", "resumable-1"])
      yield* TestClock.adjust("1 millis")
      yield* begin("apply", "next", document)
      assert.sameMembers(
        [...(yield* kept)],
        [
          "open failed",
          "resumable canceled, document kept",
          "running running, document kept",
          "next superseded",
          "next running, document kept",
        ],
      )
      assert.deepEqual(yield* operationsLeft, ["open-1", "resumable-1"])
    }).pipe(Effect.provide(layer)),
  )
})

describe("a command in the journal that cannot be read", () => {
  it.effect("has a document that another key does not open", () =>
    Effect.gen(function* () {
      const journal = yield* CommandJournal
      yield* begin("apply", "shop", document)
      const [command] = (yield* journal.unfinished).commands
      const other = yield* Effect.provide(
        Effect.flatMap(Vault, (vault) => vault.lock("{}")),
        Layer.fresh(Vault.layerMemory),
      )
      assert.isDefined(command)
      const error = yield* Effect.flip(journal.documentOf({ ...command, document: other }))
      assert.strictEqual(error._tag, "VaultUnavailable")
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is reported beside those that can be read, and none of its values are shown", () =>
    Effect.gen(function* () {
      const journal = yield* CommandJournal
      const sql = yield* SqlClient.SqlClient
      yield* begin("destroy", "shop", undefined)
      yield* sql`UPDATE commands SET command = 'hunter2', command_id = 'command-1', checksum = NULL`
      yield* begin("destroy", "shed", undefined)
      const { commands, unreadable } = yield* journal.unfinished
      assert.deepEqual(
        commands.map(({ forma }) => forma),
        ["shed"],
      )
      const [error] = unreadable
      assert.isDefined(error)
      assert.deepInclude(error, { _tag: "JournalUnreadable", table: "commands", id: "command-1" })
      assert.include(error.message, "The command command-1 of the journal cannot be read: command is not valid.")
      assert.notInclude(error.message, "hunter2")
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is reported where it was cut off, and its status was damaged into another one", () =>
    Effect.gen(function* () {
      const journal = yield* CommandJournal
      const sql = yield* SqlClient.SqlClient
      const cutOff = yield* begin("apply", "shop", undefined)
      const ended = yield* begin("apply", "shed", undefined)
      yield* journal.end(ended, "succeeded")
      assert.deepEqual((yield* journal.unfinished).unreadable, [])
      for (const status of ["succeeded", "superseded", "canceled", "lost"]) {
        yield* sql`UPDATE commands SET status = ${status} WHERE command_id = ${cutOff}`
        const { commands, unreadable } = yield* journal.unfinished
        assert.deepEqual([commands, unreadable.map(({ id }) => id)], [[], [cutOff]], status)
      }
    }).pipe(Effect.provide(layer)),
  )
})
