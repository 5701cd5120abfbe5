/** A new key for a state: nothing that is locked is forgotten, and a change that is cut off loses nothing. */
import { assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Agent } from "../../../src/agent/Agent.ts"
import { ResourceUpdater } from "../../../src/agent/apply/ResourceUpdater.ts"
import { RequestBodies } from "../../../src/cluster/RequestBodies.ts"
import { SavedPlans } from "../../../src/agent/commands/SavedPlans.ts"
import { KeyRotation } from "../../../src/agent/records/KeyRotation.ts"
import { lockedColumns } from "../../../src/agent/records/lockedColumns.ts"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { type SecretId, SecretValues } from "../../../src/agent/secrets/SecretValues.ts"
import { isDamaged } from "../../../src/agent/store/RowChecksum.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property } from "../../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../../src/protocol/Identity.ts"
import { cutOff } from "../commands/cutOff.ts"
import { temporaryFolder } from "../store/temporaryFolder.ts"

const Box = defineResource({
  type: "Safe::Of::Box",
  idempotency: "name",
  target: Schema.Struct({ bank: Property.identity(Schema.String), key: Property.opaque(Schema.String) }),
  properties: Schema.Struct({ Pin: Property.opaque(Schema.String) }),
  create: ({ label, properties }) =>
    Effect.succeed(
      label === "slow"
        ? Answer.inProgress({ requestId: label })
        : Answer.succeeded({ nativeId: label, properties: { Pin: properties.Pin } }),
    ),
  status: ({ requestId }) => Effect.succeed(Answer.inProgress({ requestId })),
  read: () => Effect.succeed({ Pin: "" }),
  delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
})
const safe = inProcess(definePlugin({ name: "safe", namespace: "Safe", version: "1.0.0", types: [Box] }))

const formaOf = (name: string, label: string) => ({
  name,
  targets: { here: { namespace: Namespace.make("Safe"), config: { bank: "main", key: `canary-target-${name}` } } },
  resources: [
    {
      label,
      type: ResourceType.make("Safe::Of::Box"),
      target: "here",
      properties: { Pin: `canary-pin-${name}` },
      drift: "repair" as const,
    },
  ],
  outputs: { pin: { $ref: `${label}.Pin` } },
})

/** Whatever was locked while `locked` was given. */
const remembering = (locked: Set<string>) =>
  Layer.effect(
    Vault,
    Effect.map(Vault, (vault) =>
      Vault.of({ ...vault, lock: (text) => Effect.tap(vault.lock(text), (one) => Effect.sync(() => locked.add(one))) }),
    ),
  )

const layerOf = (file: string, locked = new Set<string>()) => {
  const store = Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer))
  const remembered = Layer.provideMerge(remembering(locked), store)
  return Layer.mergeAll(Agent.layerNoDeps, RequestBodies.layer, SavedPlans.layer, SecretValues.layerNoDeps).pipe(
    Layer.provide(ResourceUpdater.layerNoDeps),
    Layer.provideMerge(KeyRotation.layerFile(`${file}.key`)),
    Layer.provide(PluginCoordinator.layerInProcess([safe])),
    Layer.provideMerge(Layer.fresh(Agent.layerRecords)),
    Layer.provideMerge(Layer.merge(remembered, NodeServices.layer)),
  )
}

/** Each value of each table of a state, as `TABLE.COLUMN`. */
const valuesIn = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true })
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const rows = tables.flatMap(({ name }) =>
    database
      .prepare(`SELECT * FROM "${String(name)}"`)
      .all()
      .map((row) => ({ table: String(name), row })),
  )
  database.close()
  return {
    damaged: rows.filter(({ row }) => isDamaged(row)),
    values: rows.flatMap(({ row, table }) =>
      Object.entries(row).map(([column, value]) => ({ column: `${table}.${column}`, text: String(value) })),
    ),
  }
}

const columnsWith = (file: string, texts: ReadonlySet<string>) =>
  new Set(
    valuesIn(file).values.flatMap(({ column, text }) => ([...texts].some((one) => text.includes(one)) ? [column] : [])),
  )

const registered = new Set(lockedColumns.map(({ column, table }) => `${table}.${column}`))

/** Opens what was locked with one key and no other. */
const layerOnly = (key: Uint8Array) => Vault.layerKey(Redacted.make(key))

describe("a new key", () => {
  it.effect("locks again every column that has something locked, and everything is found as before", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      const locked = new Set<string>()
      let id: SecretId | undefined
      let plan = ""
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        yield* agent.apply(formaOf("one", "mine"))
        yield* cutOff(formaOf("two", "slow"), ({ _tag }) => _tag === "Progressed")
        id = yield* (yield* SecretValues).keep("canary-kept")
        const { resources } = yield* agent.plan(formaOf("three", "more"))
        plan = yield* (yield* SavedPlans).lock({ forma: formaOf("three", "more"), resources })
        const asked = { key: "key-1", entity: "Safe/one", askedBy: "somebody" }
        const { keep } = yield* RequestBodies
        const { hold } = yield* StateOwnership
        yield* Effect.scoped(Effect.andThen(hold, keep(asked, { command: "forget", label: "canary-asked" })))
      }).pipe(Effect.provide(layerOf(file, locked)))
      // A column that has something locked, and is not registered, is missing here; and none is registered for nothing.
      assert.deepEqual([...columnsWith(file, locked)].toSorted(), [...registered].toSorted())

      const before = readFileSync(`${file}.key`)
      const again = new Set<string>()
      yield* Effect.gen(function* () {
        const rotated = yield* (yield* KeyRotation).rotate
        assert.deepInclude(rotated, { left: 0 })
        assert.isAtLeast(rotated.relocked, registered.size)
        assert.deepEqual([...columnsWith(file, locked)], [])
        assert.deepEqual(valuesIn(file).damaged, [])
        assert.strictEqual(yield* (yield* SecretValues).find(id!), "canary-kept")
        // A seal is known by the key of before: nothing is written again for the sake of the key.
        assert.deepEqual(
          (yield* (yield* Agent).plan(formaOf("one", "mine"))).resources.map((one) => one.operation),
          ["noop"],
        )
        const refused = yield* Effect.flip((yield* SavedPlans).open(plan, "three.plan"))
        assert.include(refused.message, "the key of the state was changed after it was made")
        const outputs = yield* (yield* Agent).outputs({ name: "one.pin", withSecret: true })
        assert.include(JSON.stringify(outputs), "canary-pin-one")
      }).pipe(Effect.provide(layerOf(file, again)))

      const after = readFileSync(`${file}.key`)
      assert.notDeepEqual(after, before)
      assert.isFalse(existsSync(`${file}.key.next`))
      assert.deepEqual(readFileSync(`${file}.key.earlier`), before)
      const { values } = valuesIn(file)
      const kept = values.find(({ column }) => column === "secrets.value")?.text ?? ""
      assert.include(
        yield* Effect.provide(
          Vault.use(({ open }) => open(kept)),
          layerOnly(after),
        ),
        "canary-kept",
      )
      assert.isTrue(
        Exit.isFailure(
          yield* Effect.exit(
            Effect.provide(
              Vault.use(({ open }) => open(kept)),
              layerOnly(before),
            ),
          ),
        ),
      )
    }),
  )

  it.effect("is not lost and loses nothing wherever its change is cut off, and a second change ends it", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      /** Makes a change that dies before its step with a number. Gives whether it came to its end. */
      const changeUntil = Effect.fnUntraced(function* (file: string, steps: number) {
        let left = steps
        const step = Effect.suspend(() => (left-- > 0 ? Effect.void : Effect.die("cut off")))
        const fs = yield* FileSystem.FileSystem
        const dying = FileSystem.FileSystem.of({
          ...fs,
          rename: (from, to) => Effect.andThen(step, fs.rename(from, to)),
          writeFile: (path, data, options) => Effect.andThen(step, fs.writeFile(path, data, options)),
        })
        const ownership = yield* StateOwnership
        const dyingOwnership = StateOwnership.of({
          ...ownership,
          // Cut off before it is committed, and after that.
          write: (writes) => Effect.tap(ownership.write(Effect.tap(writes, () => step)), () => step),
        })
        const layer = Layer.fresh(KeyRotation.layerFile(`${file}.key`)).pipe(
          Layer.provide([Layer.succeed(FileSystem.FileSystem, dying), Layer.succeed(StateOwnership, dyingOwnership)]),
        )
        const exit = yield* Effect.exit(
          Effect.provide(
            KeyRotation.use(({ rotate }) => rotate),
            layer,
          ),
        )
        return Exit.isSuccess(exit)
      })

      const cuts: Array<number> = []
      const ended = { isWhole: false }
      for (let steps = 0; !ended.isWhole; steps += 1) {
        const file = join(folder, `${steps}.db`)
        let id: SecretId | undefined
        const found = SecretValues.use(({ find }) => find(id!))
        yield* Effect.gen(function* () {
          id = yield* (yield* SecretValues).keep("canary")
          ended.isWhole = yield* changeUntil(file, steps)
          // The agent goes on, and locks and opens what it needs.
          assert.strictEqual(yield* found, "canary", `${steps}`)
        }).pipe(Effect.provide(layerOf(file)))
        cuts.push(steps)
        const toRead = Layer.fresh(Store.layerFileToRead(file)).pipe(Layer.provide(NodeServices.layer))
        const read = Layer.provide(Layer.fresh(SecretValues.layerNoDeps), toRead)
        assert.strictEqual(yield* Effect.provide(found, read), "canary", `read after ${steps}`)
        yield* Effect.gen(function* () {
          assert.strictEqual(yield* found, "canary", `opened after ${steps}`)
          assert.deepInclude(yield* (yield* KeyRotation).rotate, { left: 0 }, `${steps}`)
          assert.strictEqual(yield* found, "canary", `changed after ${steps}`)
        }).pipe(Effect.provide(layerOf(file)))
        const value = valuesIn(file).values.find(({ column }) => column === "secrets.value")
        const open = Vault.use((vault) => vault.open(value?.text ?? ""))
        assert.include(yield* Effect.provide(open, layerOnly(readFileSync(`${file}.key`))), "canary", `${steps}`)
        assert.isFalse(existsSync(`${file}.key.next`))
      }
      // Two files that are written and put in place, two transactions, and the key that is put in place.
      assert.isAtLeast(cuts.length, 9)
    }),
  )

  it.effect("opens a copy of the state from before, because the keys of before are kept", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const file = join(folder, "state.db")
      let id: SecretId | undefined
      yield* Effect.gen(function* () {
        id = yield* (yield* SecretValues).keep("canary")
        yield* Store.backUpTo(file, join(folder, "copy.db"))
        yield* (yield* KeyRotation).rotate
      }).pipe(Effect.provide(layerOf(file)))
      const fs = yield* FileSystem.FileSystem
      for (const end of ["key", "key.earlier"]) yield* fs.copyFile(`${file}.${end}`, join(folder, `copy.db.${end}`))
      const found = SecretValues.use(({ find }) => find(id!))
      assert.strictEqual(yield* Effect.provide(found, layerOf(join(folder, "copy.db"))), "canary")
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
