import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { Holders } from "../../../src/agent/records/cluster/Holders.ts"
import { CommandJournal } from "../../../src/agent/records/CommandJournal.ts"
import { partOfRunner } from "../../../src/agent/records/CurrentHolder.ts"
import { Inventory, type InventoryRow } from "../../../src/agent/records/Inventory.ts"
import { noChange } from "../../../src/agent/records/InventoryChange.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import type { OwnedElsewhere } from "../../../src/agent/records/OwnedElsewhere.ts"
import type { StateError } from "../../../src/agent/records/StateError.ts"
import type { VaultUnavailable } from "../../../src/agent/store/Vault.ts"
import { NativeId, OperationId, RequestId } from "../../../src/protocol/Identity.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { entryOf } from "../operations/scripted.ts"
import { layerRunner } from "./cluster/runners.ts"
import { layerHolding } from "./holding.ts"

type Records = CommandJournal | Inventory | OperationJournal | SqlClient.SqlClient

const layerOfOne: Layer.Layer<Records> = Layer.mergeAll(
  CommandJournal.layerNoDeps,
  OperationJournal.layer,
  Inventory.layer,
).pipe(Layer.provideMerge(layerHolding), Layer.provideMerge(layerChosenStore), Layer.orDie)

/** A runner that shares the state with others. */
const layerOfRunner: Layer.Layer<Records> = Layer.orDie(layerRunner("agent-1@here", layerChosenStore))

const nativeId = NativeId.make("thing-1")
const operationId = OperationId.make("op-1")
const { dependsOn, forma, label, place, target, targetConfig, type } = entryOf()
const row: InventoryRow = {
  forma,
  label,
  type,
  target,
  targetConfig,
  place,
  dependsOn,
  nativeId,
  desired: {},
  actual: {},
}
const put = { _tag: "Put", row: { ...row, label: "other" } } as const

/** All that an agent writes, by what it is called. */
const makeWrites = Effect.gen(function* () {
  const commands = yield* CommandJournal
  const inventory = yield* Inventory
  const operations = yield* OperationJournal
  const ending = { status: "Succeeded", closed: true, nativeId, requestId: null, failure: null } as const
  const accepted = { requestId: RequestId.make("request-1"), nativeId }
  const writes: Readonly<Record<string, Effect.Effect<void, OwnedElsewhere | StateError | VaultUnavailable>>> = {
    "the cancelation of a command": commands.cancel("command-1"),
    "the begin of a command": commands.begin({ command: "destroy", commandId: "command-2", forma }, undefined),
    "the end of a command": commands.end("command-1", "failed"),
    "an intent": operations.recordIntent(entryOf({ operationId: OperationId.make("op-2") })),
    "a sending": operations.recordSending(operationId),
    "a progress": operations.recordProgress(operationId, accepted, noChange),
    "a progress with a resource": operations.recordProgress(operationId, accepted, put),
    "a crash": operations.recordCrashes(operationId, [{ at: 1, message: "it crashed" }]),
    "an end": operations.recordEnd(operationId, { ...ending, change: noChange }),
    "an end with a resource": operations.recordEnd(operationId, { ...ending, closed: false, change: put }),
    "a decision": operations.recordForgotten(OperationId.make("op-2")),
    "a resource": inventory.put({ ...row, label: "third" }),
    "a rename": inventory.relabel(forma, [{ from: "third", to: "fourth" }]),
    "the removal of a resource": inventory.remove(forma, label, nativeId),
  }
  const begun = Effect.all([
    commands.begin({ command: "destroy", commandId: "command-1", forma }, undefined),
    operations.recordIntent(entryOf({ operationId })),
    inventory.put(row),
  ])
  return { begun, writes }
})

const content = SqlClient.SqlClient.use((sql) =>
  Effect.map(
    Effect.all([
      sql`SELECT * FROM commands ORDER BY command_id`,
      sql`SELECT * FROM operations ORDER BY operation_id`,
      sql`SELECT * FROM resources ORDER BY forma, label`,
      sql`SELECT * FROM state_ownership`,
      sql`SELECT * FROM holders ORDER BY name`,
    ]),
    (tables) => JSON.stringify(tables),
  ),
)

/** Another agent, which this one knows nothing of, has the state now. */
const takenByAnother = SqlClient.SqlClient.use(
  (sql) => sql`UPDATE state_ownership SET epoch = epoch + 1, owner = 'another', pid = 7`,
)
const takenByRunner = Effect.scoped(
  Effect.andThen(Layer.build(Layer.fresh(Holders.layer("agent-2@there"))), (context) =>
    Context.get(context, Holders).activate(partOfRunner("agent-1@here")),
  ),
)
const rowDeleted = SqlClient.SqlClient.use((sql) => sql`DELETE FROM state_ownership`)

describe("an agent whose holding is gone", () => {
  it.effect.each([
    ["that has the state alone", layerOfOne],
    ["that shares the state", layerOfRunner],
  ] as const)("could write everything before: %s", ([, layer]) =>
    Effect.gen(function* () {
      const { begun, writes } = yield* makeWrites
      yield* begun
      for (const [name, write] of Object.entries(writes)) {
        const before = yield* content
        yield* write
        assert.notStrictEqual(yield* content, before, name)
      }
    }).pipe(Effect.provide(layer)),
  )

  it.effect.each([
    ["another agent has taken the state over", takenByAnother, layerOfOne],
    ["the row of its holding was deleted", rowDeleted, layerOfOne],
    ["another runner has taken its part of a shared state over", takenByRunner, layerOfRunner],
  ] as const)("writes nothing, and every write says why: %s", ([, lose, layer]) =>
    Effect.gen(function* () {
      const { begun, writes } = yield* makeWrites
      yield* begun
      yield* lose
      const before = yield* content
      for (const [name, write] of Object.entries(writes)) {
        assert.deepInclude(yield* Effect.flip(write), { _tag: "StateTaken", epoch: 1 }, name)
        assert.strictEqual(yield* content, before, name)
      }
    }).pipe(Effect.provide(layer)),
  )
})
