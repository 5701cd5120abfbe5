import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import { Agent } from "../../src/agent/Agent.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property, ProviderError } from "../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../src/protocol/Identity.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { cutOff } from "./commands/cutOff.ts"
import { outcomes } from "./shop.ts"
import { temporaryFolder } from "./store/temporaryFolder.ts"

const canary = "canary-5e1f"

/** A provider that accepts some keys, and remembers the keys that it was called with. */
const makeBank = (opens: (key: string) => boolean, isSlow: () => boolean = () => false) => {
  const keys: Array<string> = []
  const accounts = new Map<string, { readonly Owner: string }>()
  const enter = <A>(key: string, effect: Effect.Effect<A, ProviderError>) => {
    keys.push(key)
    return opens(key) ? effect : Effect.fail(ProviderError.of("InvalidCredentials", "not with this key"))
  }
  const Account = defineResource({
    type: "Bank::Of::Account",
    idempotency: "name",
    target: Schema.Struct({ branch: Property.identity(Schema.String), key: Property.opaque(Schema.String) }),
    properties: Schema.Struct({ Owner: Schema.String }),
    create: ({ label, properties, target }) =>
      enter(
        target.key,
        Effect.sync(() => {
          accounts.set(label, properties)
          return isSlow() ? Answer.inProgress({ requestId: label }) : Answer.succeeded({ nativeId: label, properties })
        }),
      ),
    status: ({ requestId, target }) =>
      enter(
        target.key,
        Effect.sync(() =>
          isSlow()
            ? Answer.inProgress({ requestId })
            : Answer.succeeded({ nativeId: requestId, properties: { Owner: "me" } }),
        ),
      ),
    read: ({ nativeId, target }) => enter(target.key, Effect.succeed(accounts.get(nativeId) ?? {})),
    delete: ({ nativeId, target }) =>
      enter(
        target.key,
        Effect.sync(() => {
          accounts.delete(nativeId)
          return Answer.deleted(nativeId)
        }),
      ),
  })
  return {
    accounts,
    keys,
    plugin: inProcess(definePlugin({ name: "bank", namespace: "Bank", version: "1.0.0", types: [Account] })),
  }
}

const formaWith = (key: string) => ({
  name: "bank",
  targets: { here: { namespace: Namespace.make("Bank"), config: { branch: "main", key } } },
  resources: [
    { label: "mine", type: ResourceType.make("Bank::Of::Account"), target: "here", properties: { Owner: "me" } },
  ],
})

describe("P11: a secret in the config of a target", () => {
  it.effect("reaches the plugin, even without the document, and is nowhere in clear", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { accounts, keys, plugin } = makeBank((key) => key.startsWith(canary))
      const written = () =>
        readdirSync(folder)
          .map((file) => readFileSync(join(folder, file), "latin1"))
          .join("")
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        const results = [yield* agent.apply(formaWith(`${canary}-1`))]
        results.push(yield* agent.apply(formaWith(`${canary}-1`)))
        // Another key reaches the same place.
        results.push(yield* agent.apply(formaWith(`${canary}-2`)))
        assert.deepEqual(
          results.map(({ resources }) => resources[0]?.operation),
          ["create", "noop", "noop"],
        )
        assert.include(written(), "Bank::Of::Account")
        assert.notInclude(written(), canary)
        results.push(yield* agent.destroy("bank"), yield* agent.inventory)
        assert.notInclude(JSON.stringify(results), canary)
        assert.notInclude(written(), canary)
        assert.strictEqual(keys.at(-1), `${canary}-2`)
        assert.strictEqual(accounts.size, 0)
      }).pipe(
        Effect.provide(
          Agent.layer.pipe(
            Layer.provide([Store.layerFile(join(folder, "state.db")), PluginCoordinator.layerInProcess([plugin])]),
            Layer.provide(NodeServices.layer),
          ),
        ),
      )
    }),
  )

  it.effect("is not written again if nothing has changed", () => {
    const { plugin } = makeBank(() => true)
    return Effect.gen(function* () {
      const agent = yield* Agent
      const rows = Inventory.use((inventory) => inventory.list())
      yield* agent.apply(formaWith(canary))
      const before = yield* rows
      assert.property(before[0]?.targetConfig["key"], "$locked")
      yield* agent.apply(formaWith(canary))
      assert.deepEqual(yield* rows, before)
    }).pipe(
      Effect.provide(
        Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
          Layer.provide([Store.layerMemory, PluginCoordinator.layerInProcess([plugin])]),
        ),
      ),
    )
  })
})

describe("a key that was replaced", () => {
  const layerOf = (plugin: InProcessPlugin) =>
    Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
      Layer.provide(PluginCoordinator.layerInProcess([plugin])),
      Layer.provideMerge(Layer.fresh(Store.layerMemory)),
    )
  const destroyed = (key: string) => ({ name: "bank", targets: formaWith(key).targets })

  it.effect("is the one that the resume of a stopped destroy uses", () => {
    let valid = "old"
    const { accounts, plugin } = makeBank((key) => key === valid)
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaWith("old"))
      valid = "new"
      const stopped = yield* agent.destroy(destroyed("new"), { stopWhen: Effect.void })
      assert.strictEqual(stopped.status, "canceled")
      assert.deepEqual(outcomes(yield* agent.resume()), ["mine delete"])
      assert.strictEqual(accounts.size, 0)
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("does not make a stopped destroy without one fail when it is resumed", () => {
    const { accounts, plugin } = makeBank(() => true)
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaWith("old"))
      yield* agent.destroy("bank", { stopWhen: Effect.void })
      assert.deepEqual(outcomes(yield* agent.resume()), ["mine delete"])
      assert.strictEqual(accounts.size, 0)
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  /** The names of the commands that continue a create that was cut off with the old key. */
  const continuations = {
    "a destroy": Effect.flatMap(Agent, (agent) => agent.destroy(destroyed("new"))),
    "an apply that has dropped the label": Effect.flatMap(Agent, (agent) =>
      agent.apply({ ...formaWith("new"), resources: [] }),
    ),
    "the resume of a destroy": Effect.flatMap(Agent, (agent) =>
      Effect.andThen(agent.destroy(destroyed("new"), { stopWhen: Effect.void }), agent.resume()),
    ),
  }
  it.effect.each(Object.entries(continuations))("reaches what is in flight (%s)", ([, continuation]) => {
    let valid = "old"
    let isSlow = true
    const { accounts, plugin } = makeBank(
      (key) => key === valid,
      () => isSlow,
    )
    return Effect.gen(function* () {
      const inventory = yield* Inventory
      yield* cutOff(formaWith("old"), ({ _tag }) => _tag === "Progressed")
      valid = "new"
      isSlow = false
      const done = yield* withPassingTime(continuation)
      assert.strictEqual(done.status, "succeeded", JSON.stringify(done))
      assert.strictEqual(accounts.size, 0)
      assert.deepEqual(yield* inventory.list(), [])
    }).pipe(Effect.provide(layerOf(plugin)))
  })
})

describe("an apply in the journal without its document", () => {
  it.effect("is not resumed as a destroy", () => {
    const { accounts, plugin } = makeBank(() => true)
    return Effect.gen(function* () {
      const agent = yield* Agent
      const sql = yield* SqlClient.SqlClient
      yield* agent.apply(formaWith("old"))
      yield* agent.apply(formaWith("old"), { stopWhen: Effect.void })
      yield* sql`UPDATE commands SET document = NULL, status = 'canceled', checksum = NULL`
      const error = yield* Effect.flip(agent.resume())
      assert.strictEqual(error._tag, "JournalUnreadable")
      assert.strictEqual(accounts.size, 1)
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(
          Layer.provide(PluginCoordinator.layerInProcess([plugin])),
          Layer.provideMerge(Layer.fresh(Store.layerMemory)),
        ),
      ),
    )
  })
})
