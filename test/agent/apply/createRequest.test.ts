import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import {
  Agent,
  createRequest,
  Inventory,
  OperationJournal,
  PluginCoordinator,
  ResourceUpdater,
  Store,
  Vault,
} from "../../../src/agent/index.ts"
import * as NodeSqlite from "../../../src/agent/store/NodeSqlite.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { ResourceType } from "../../../src/protocol/Identity.ts"
import { makeFakeCloud } from "../../plugins/fake-aws/FakeCloud.ts"

/** A store and a key of the host's own. */
const store = Layer.merge(
  Layer.orDie(Store.layerFrom(NodeSqlite.layer({ filename: ":memory:" }))),
  Vault.layerKey(Redacted.make(new Uint8Array(32).fill(7))),
)

const layer = ResourceUpdater.layerNoDeps.pipe(
  Layer.provideMerge(Agent.layerRecords),
  Layer.provideMerge(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
  Layer.provide(store),
)

describe("one resource without a document", () => {
  it.effect("is created through ResourceUpdater, and is in the inventory and the journal", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeFakeCloud
      const types = yield* Effect.flatMap(PluginCoordinator, ({ capabilities }) => capabilities("FakeAWS"))
      const secret = types.get(ResourceType.make("FakeAWS::SecretsManager::Secret"))
      assert.isDefined(secret)
      const command = { commandId: "command-1", forma: "by-hand" }
      const request = createRequest({
        command,
        label: "password",
        capabilities: secret,
        properties: { Name: "password", SecretString: "hunter2" },
        targetConfig: target(),
      })
      const result = yield* Effect.flatMap(ResourceUpdater, ({ run }) => run(request))
      if (result._tag !== "Done") return assert.fail(result._tag)
      assert.deepInclude(result, { operation: "create", attempts: 1 })
      assert.lengthOf(yield* resources, 1)
      const [row] = yield* Effect.flatMap(Inventory, (inventory) => inventory.list("by-hand"))
      assert.deepInclude(row, { label: "password", nativeId: result.nativeId })
      assert.notInclude(JSON.stringify(row), "hunter2")
      const [entry] = yield* Effect.flatMap(OperationJournal, (journal) => journal.listByCommand("command-1"))
      assert.deepInclude(entry, { kind: "Create", status: "Succeeded", closed: true, secrets: null })
    }).pipe(Effect.provide(layer)),
  )
})
