import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Settlement } from "../../../src/agent/commands/Settlement.ts"
import { ResourceIdentifier } from "../../../src/agent/operations/ResourceIdentifier.ts"
import { ResourceReader } from "../../../src/agent/operations/ResourceReader.ts"
import { Inventory, type InventoryRow } from "../../../src/agent/records/Inventory.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { entryOf, nativeId, requestId } from "../operations/scripted.ts"
import { thing } from "../plan/capabilities.ts"
import { layerHolding } from "../records/holding.ts"

/** A provider that has every resource that it is asked for. */
const layer = Settlement.layerNoDeps.pipe(
  Layer.provide([
    Layer.mock(PluginCoordinator)({ capabilities: () => Effect.succeed(new Map([[thing.type, thing]])) }),
    Layer.mock(ResourceIdentifier)({ placeOf: () => Effect.succeed("here") }),
    Layer.mock(ResourceReader)({ read: () => Effect.succeed({ Name: "as it is", Secret: "hunter2" }) }),
  ]),
  Layer.provideMerge(Layer.mergeAll(OperationJournal.layer, Inventory.layer)),
  Layer.provide(layerHolding),
  Layer.provide(layerChosenStore),
)

const row: InventoryRow = {
  forma: "shop",
  label: "a",
  type: thing.type,
  target: "here",
  targetConfig: {},
  place: null,
  nativeId,
  desired: {},
  actual: {},
  dependsOn: [],
  exactPaths: [],
}

describe("adopt", () => {
  it.effect("puts what was read into the inventory, without secrets", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const journal = yield* OperationJournal
      const settlement = yield* Settlement
      yield* journal.recordIntent(entryOf())
      yield* settlement.adopt({ label: "a" }, nativeId)
      assert.deepEqual(yield* inventory.list(), [
        { ...row, place: "here", desired: { Name: "a" }, actual: { Name: "as it is" } },
      ])
      assert.deepEqual(yield* journal.listOpen(), [])
    }).pipe(Effect.provide(layer)),
  )

  it.effect.each(["Update", "Delete"] as const)(
    "does not adopt a resource that is in the inventory already (%s)",
    (kind) =>
      Effect.gen(function* () {
        const inventory = yield* Inventory
        const journal = yield* OperationJournal
        const settlement = yield* Settlement
        const entry = entryOf({ kind, nativeId, requestId })
        yield* inventory.put(row)
        yield* journal.recordIntent(entry)
        const error = yield* Effect.flip(settlement.adopt({ label: "a" }, NativeId.make("another")))
        assert.strictEqual(error._tag, "OperationNotOpen")
        assert.include(error.message, "a is already in the inventory")
        assert.deepEqual(yield* inventory.list(), [row])
        assert.deepEqual(yield* journal.listOpen(), [entry])
      }).pipe(Effect.provide(layer)),
  )
})
