/** Plans that are saved, and applied later as they were shown. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import type { CommandOptions } from "../../../src/agent/commands/CommandOptions.ts"
import { isSavedPlan, SavedPlans } from "../../../src/agent/commands/SavedPlans.ts"
import type { Forma } from "../../../src/agent/forma/Forma.ts"
import type { DocumentSource } from "../../../src/agent/records/DocumentSource.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { JsonObject } from "../../../src/protocol/JsonObject.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { formaOfNotes, makeNotes } from "../notes.ts"
import { changesOf, formaOf, makeShop, outcomes } from "../shop.ts"
import { cutOff, hasProgressed, only, slow } from "./cutOff.ts"

const layerOn = (plugins = [inProcess(fakeAws)]) =>
  Layer.merge(Agent.layer, SavedPlans.layer).pipe(
    Layer.provide([layerChosenStore, PluginCoordinator.layerInProcess(plugins)]),
  )

/** Plans, and gives what was saved of it. */
const save = Effect.fnUntraced(function* (forma: Forma, document?: DocumentSource, only?: ReadonlyArray<string>) {
  const agent = yield* Agent
  const plans = yield* SavedPlans
  const { resources } = yield* agent.plan(forma, { document, only })
  return yield* plans.lock({ forma, document, resources, only })
})

const applySaved = Effect.fnUntraced(function* (text: string, options: CommandOptions = {}) {
  const agent = yield* Agent
  const plans = yield* SavedPlans
  const { document, forma, only, resources } = yield* plans.open(text, "shop.plan")
  return yield* agent.apply(forma, { ...options, document, expected: resources, only })
})

describe("a saved plan", () => {
  it.effect("is applied as it was shown, once, and holds nothing in clear", () =>
    Effect.gen(function* () {
      const { resources, target, writes } = yield* makeShop
      const text = yield* save(formaOf("shop", target(), only("net", "block", "password")))
      assert.isTrue(isSavedPlan(text))
      // Three letters alone stand in Base64 by chance.
      for (const hidden of ["hunter2", "10.0.0.0", "CidrBlock", "block", '"net', "net.", "cloud"])
        assert.notInclude(text, hidden)
      assert.deepEqual(outcomes(yield* applySaved(text)), ["net create", "block create", "password create"])
      const done = yield* writes
      assert.include(text, '"schemaVersion": 1')
      const again = yield* Effect.flip(applySaved(text))
      assert.deepInclude(again, { _tag: "PlanOutdated", forma: "shop" })
      assert.include(again.message, "password: the plan shows create, and now there is nothing to do")
      assert.deepEqual(yield* writes, done)
      assert.lengthOf(yield* resources, 3)
    }).pipe(Effect.provide(layerOn())),
  )

  it.effect(
    "keeps the outputs that it shows, without their secrets in clear, and does nothing where they would change in another way",
    () =>
      Effect.gen(function* () {
        const { target } = yield* makeShop
        const agent = yield* Agent
        const plans = yield* SavedPlans
        const vpc = { vpc: { $ref: "net.VpcId" }, token: { $secret: "canary-7d" } }
        const forma = (outputs: typeof JsonObject.Type) => ({ ...formaOf("shop", target(), only("net")), outputs })
        const { outputChanges = [], resources } = yield* agent.plan(forma(vpc))
        const text = yield* plans.lock({ forma: forma(vpc), resources, outputChanges })
        assert.notInclude(text, "token")
        const opened = yield* plans.open(text, "shop.plan")
        assert.deepEqual(opened.outputChanges, outputChanges)
        assert.deepEqual(
          outputChanges.map(({ path }) => path),
          ["/vpc", "/token"],
        )
        assert.notInclude(JSON.stringify(opened.outputChanges), "canary-7d")
        const asShown = { expected: opened.resources, expectedOutputs: opened.outputChanges }
        const outdated = yield* Effect.flip(agent.apply(forma({ ...vpc, more: 1 }), asShown))
        assert.include(outdated.message, "output more: its change is not as the plan shows it")
        assert.deepEqual(outcomes(yield* agent.apply(opened.forma, asShown)), ["net create"])
      }).pipe(Effect.provide(layerOn())),
  )

  it.effect("is limited as it was planned, and needs a version that knows of limits", () =>
    Effect.gen(function* () {
      const { apply, target } = yield* makeShop
      const forma = formaOf("shop", target(), only("net", "block", "alone", "pictures"))
      assert.include(yield* save(forma), '"formaePlan": 1')
      const text = yield* save(forma, undefined, ["block"])
      assert.include(text, '"formaePlan": 2')
      yield* apply(only("alone"))
      const gone = formaOf("shop", target(), only("net", "block"))
      assert.deepEqual(outcomes(yield* applySaved(text)), ["net create", "block create"])
      assert.deepEqual(outcomes(yield* applySaved(yield* save(gone, undefined, ["net"]))), ["net noop"])
      assert.deepEqual(changesOf(yield* apply(only("net", "block"))), ["alone delete"])
    }).pipe(Effect.provide(layerOn())),
  )

  it.effect("is refused where a provider has other values, and nothing is done", () =>
    Effect.gen(function* () {
      const { apply, elsewhere, target, writes } = yield* makeShop
      const agent = yield* Agent
      yield* apply(only("net", "old"))
      const wider = { ...only("net"), old: ["FakeAWS::Legacy::Widget", { Model: "m", Size: 2 }] as const }
      const forma = formaOf("shop", target(), { ...wider, ...only("alone", "password") })
      const text = yield* save(forma)
      const changed = yield* elsewhere(
        "UPDATE resources SET properties = json_set(properties, '$.Size', 7) WHERE type LIKE '%Widget'",
      )
      assert.strictEqual(changed, 1)
      const before = yield* writes
      const error = yield* Effect.flip(applySaved(text))
      assert.strictEqual(
        error.message,
        "Nothing of the plan for shop was done, because it is out of date. old: /Size is not as the plan shows it",
      )
      assert.deepEqual(yield* writes, before)
      assert.deepEqual(outcomes(yield* agent.inventory), ["net noop", "old noop"])
      assert.deepEqual(changesOf(yield* agent.plan(forma)), ["old update", "alone create", "password create"])
    }).pipe(Effect.provide(layerOn())),
  )

  it.effect("is refused where another apply has been faster", () =>
    Effect.gen(function* () {
      const { apply, target, writes } = yield* makeShop
      yield* apply(only("net", "pictures"))
      const text = yield* save(formaOf("shop", target(), only("net")))
      yield* apply(only("net", "alone"))
      const before = yield* writes
      const error = yield* Effect.flip(applySaved(text))
      assert.include(error.message, "pictures: the plan shows delete, and now there is no such resource")
      assert.include(error.message, "alone: it is not in the plan, and now it would be delete")
      assert.deepEqual(yield* writes, before)
    }).pipe(Effect.provide(layerOn())),
  )

  it.effect("is neither saved nor applied while an operation is open", () =>
    Effect.gen(function* () {
      const { target, writes } = yield* makeShop
      const text = yield* save(formaOf("shop", target(), only("net", "alone")))
      yield* cutOff(formaOf("shop", target(slow), only("net", "alone")), hasProgressed("alone"))
      const before = yield* writes
      const error = yield* Effect.flip(withPassingTime(applySaved(text)))
      assert.include(error.message, "alone: an operation on it is still open")
      assert.deepEqual(yield* writes, before)
      const unsaved = yield* Effect.flip(save(formaOf("shop", target(slow), only("net", "alone"))))
      assert.strictEqual(unsaved._tag, "PlanNotSaved")
      assert.include(unsaved.message, "alone: an operation on it is still open")
    }).pipe(Effect.provide(layerOn())),
  )

  it.effect("is refused where something changes while it is asked for", () => {
    const { calls, notes, plugin } = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfNotes({ a: { Text: "a" } }))
      const text = yield* save(formaOfNotes({ a: { Text: "b" } }))
      let asked = 0
      const confirm = () =>
        Effect.gen(function* () {
          asked += 1
          notes.set("note-1", { Text: "changed", Digest: "" })
          yield* TestClock.adjust("6 seconds")
          return true
        })
      const error = yield* Effect.flip(applySaved(text, { confirm }))
      assert.include(error.message, "a: /Text is not as the plan shows it")
      assert.strictEqual(asked, 1)
      assert.deepEqual(calls, ["create a"])
    }).pipe(Effect.provide(layerOn([plugin])))
  })
})

describe("the text of a saved plan", () => {
  const document: DocumentSource = {
    path: "/a/notes.yaml",
    relativePath: "../notes.yaml",
    isNamed: false,
    hasMoved: false,
    earlier: { name: "n", siblings: [{ path: "/a/n.yml", resources: [{ label: "x", type: "Notes::Of::Note" }] }] },
    resources: formaOfNotes({ a: { Text: "a" } }).resources,
  }
  const forma = formaOfNotes({ a: { Text: "a" } })
  const plan = { forma, document, resources: [] }
  const layerWith = (byte: number) =>
    SavedPlans.layer.pipe(Layer.provide(Vault.layerKey(Redacted.make(new Uint8Array(32).fill(byte)))))
  const lock = SavedPlans.use((plans) => plans.lock(plan)).pipe(Effect.provide(layerWith(1)))
  const open = (text: string, byte = 1) =>
    SavedPlans.use((plans) => plans.open(text, "n.plan")).pipe(Effect.provide(layerWith(byte)))
  const decode = Schema.decodeUnknownSync(Schema.fromJsonString(JsonObject))
  const changed = (text: string, fields: object) => JSON.stringify({ ...decode(text), ...fields })

  it.effect("gives back what was saved", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* open(yield* lock), plan)
    }),
  )

  it.effect("may be of before plans said their schemaVersion", () =>
    Effect.gen(function* () {
      const { schemaVersion: _, ...earlier } = decode(yield* lock)
      assert.deepEqual(yield* open(JSON.stringify(earlier)), plan)
    }),
  )

  it.effect("says that it is of another state", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(open(yield* lock, 2))
      assert.deepInclude(error, { plan: "n.plan", reason: { _tag: "OtherState" } })
      const text = yield* lock
      const withoutKey = SavedPlans.use((plans) => plans.open(text, "n.plan")).pipe(
        Effect.provide(SavedPlans.layer.pipe(Layer.provide(Vault.layerMemory))),
      )
      assert.deepInclude(yield* Effect.flip(withoutKey), { reason: { _tag: "OtherState" } })
    }),
  )

  it.effect("says that it is damaged, wherever it was cut off or changed", () =>
    Effect.gen(function* () {
      const text = yield* lock
      const locked = String(decode(text)["locked"])
      const flipped = `${locked.slice(0, -9)}${locked.at(-9) === "A" ? "B" : "A"}${locked.slice(-8)}`
      const broken = [
        "",
        ...[1, 20, text.length / 2, text.length - 3].map((length) => text.slice(0, length)),
        changed(text, { locked: flipped }),
        changed(text, { locked: "" }),
        changed(text, { locked: 1 }),
        changed(text, { formaePlan: 0 }),
        changed(text, { formaePlan: "1" }),
        "null",
      ]
      for (const one of broken) {
        assert.deepInclude(yield* Effect.flip(open(one)), { reason: { _tag: "Damaged" } }, one)
      }
    }),
  )

  it.effect("says that a later version has made it", () =>
    Effect.gen(function* () {
      const later = changed(yield* lock, { formaePlan: 3, agentVersion: "9.1.0", locked: { by: "other means" } })
      const error = yield* Effect.flip(open(later))
      assert.strictEqual(
        error.message,
        "The saved plan n.plan cannot be used: it was made by a later version of formae (9.1.0). Nothing was done",
      )
    }),
  )
})
