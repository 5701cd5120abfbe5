import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../../src/agent/Agent.ts"
import type { Forma } from "../../../src/agent/forma/Forma.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { whileRefused } from "../refusedWrites.ts"
import * as Layer from "effect/Layer"
import { changesOf, formaOf, layerAgent, makeShop, type Resources } from "../shop.ts"
import { cutOffUnanswered, only, resume, silentAfter } from "./cutOff.ts"

const few = only("net", "block", "web", "password")

/** The same resources, where `old` is called `now`, also by those that refer to it. */
const renamed = (resources: Resources, old: string, now: string): Resources =>
  Object.fromEntries(
    Object.entries(resources).map(([label, [type, properties]]) => [
      label === old ? now : label,
      [type, JSON.parse(JSON.stringify(properties).replaceAll(`"${old}.`, `"${now}.`))] as const,
    ]),
  )

describe("what the state knows of a resource", () => {
  it.effect("is what was wanted, what was read, what the provider has set, and what was done, without secrets", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { apply } = yield* makeShop
      yield* apply(few)
      const net = yield* agent.show({ label: "net" })
      assert.strictEqual<string>(net.type, "FakeAWS::EC2::VPC")
      assert.deepInclude(net, { forma: "shop", label: "net", target: "cloud", secrets: [] })
      assert.deepEqual(net.wanted, { CidrBlock: "10.0.0.0/16" })
      assert.deepEqual(net.lastRead, { ...net.wanted, ...net.outputs })
      assert.strictEqual(net.outputs["VpcId"], net.nativeId)
      assert.deepEqual(net.open, [])
      assert.deepEqual(
        net.history.map(({ command, kind, label, sent, status }) => [command, kind, label, sent, status]),
        [["apply", "Create", "net", 1, "Succeeded"]],
      )
      assert.deepEqual((yield* agent.show({ label: "block", forma: "shop" })).dependsOn, ["net"])
      const password = yield* agent.show({ label: "password" })
      assert.deepEqual(password.wanted, { Name: "password" })
      assert.deepEqual(password.secrets, ["SecretString"])
      assert.notInclude(JSON.stringify(password), "hunter2")
      assert.notInclude(JSON.stringify(password), "hmac")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("has the operation that is open, before there is a row", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { resources, target } = yield* makeShop
      const forma = formaOf("shop", target({ faults: [silentAfter("old")] }), only("old"))
      yield* cutOffUnanswered(forma, resources)
      yield* resume
      const old = yield* agent.show({ label: "old" })
      assert.deepInclude(old, { label: "old", nativeId: null, lastRead: null, outputs: {} })
      assert.deepEqual(old.wanted, { Model: "m", Size: 1 })
      assert.deepEqual(
        old.open.map(({ failure, operation, status }) => [operation.kind, operation.forma, status, failure?.code]),
        [["Create", "shop", "NeedsAttention", "NeedsAttention"]],
      )
      assert.deepEqual(
        old.history.map(({ closed }) => closed),
        [false],
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is found by its label, or refused in words", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { apply } = yield* makeShop
      yield* apply(only("net", "alone"))
      yield* apply(only("alone"), undefined, "other")
      const message = (label: string, forma?: string) =>
        Effect.map(Effect.flip(agent.show({ label, forma })), (error) => error.message)
      assert.deepEqual(
        yield* Effect.all([
          message("nte"),
          message("alone"),
          message("net", "other"),
          message("net", "shpo"),
          message("nothing-like-it", "other"),
        ]),
        [
          "There is no resource nte; did you mean net?",
          "The label alone is in several documents, and none was named: other, shop",
          "There is no resource net in the document other; it is in shop",
          "The state has nothing of a document shpo; did you mean shop?",
          "There is no resource nothing-like-it in the document other; the resources in the document other are: alone",
        ],
      )
      assert.strictEqual((yield* agent.show({ label: "alone", forma: "other" })).forma, "other")
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a label that is changed in the state", () => {
  it.effect("is that of the same thing: after the same change in the document there is nothing to do", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { apply, plan, writes } = yield* makeShop
      yield* apply(few)
      const before = yield* agent.show({ label: "net" })
      const written = yield* writes
      const moved = yield* agent.move({ label: "net" }, "network")
      assert.deepInclude(moved, { command: "mv", status: "succeeded" })
      assert.deepInclude(moved.resources[0], {
        forma: "shop",
        label: "network",
        movedFrom: "net",
        nativeId: before.nativeId,
      })
      const after = renamed(few, "net", "network")
      assert.deepEqual(changesOf(yield* plan(after)), [])
      assert.deepEqual(changesOf(yield* apply(after)), [])
      assert.deepEqual(yield* writes, written)
      assert.deepEqual((yield* agent.show({ label: "block" })).dependsOn, ["network"])
      const { history } = yield* agent.show({ label: "network" })
      assert.deepEqual(
        history.map(({ kind, label }) => [kind, label]),
        [["Create", "network"]],
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect(
    "is refused where it is taken, unknown, no label, open or about to be resumed, and nothing is changed",
    () =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const { apply, inventory, resources, target } = yield* makeShop
        yield* apply(only("net", "alone"))
        const message = (from: string, to: string, forma?: string) =>
          Effect.map(Effect.flip(agent.move({ label: from, forma }, to)), (error) => error.message)
        const before = yield* inventory
        assert.deepEqual(
          yield* Effect.all([
            message("net", "alone"),
            message("net", "net"),
            message("alnoe", "x"),
            message("net", "a.b"),
          ]),
          [
            "shop/net cannot be renamed to alone: another resource of the document has that label",
            "shop/net cannot be renamed to net: it has that label already",
            "There is no resource alnoe; did you mean alone?",
            "shop/net cannot be renamed to a.b: Expected a name of letters, digits, dashes and underscores that does not begin with a digit, such as web-1",
          ],
        )
        assert.deepEqual((yield* inventory).resources, before.resources)
        const forma: Forma = formaOf("late", target({ faults: [silentAfter("old")] }), only("old", "alone"))
        yield* cutOffUnanswered(forma, resources, 4)
        assert.strictEqual(
          yield* message("alone", "alone-2", "late"),
          "late/alone cannot be renamed to alone-2: a command of this document was cut off or canceled, and its document has the old label",
        )
        yield* resume
        const open = (from: string, to: string) =>
          `late/${from} cannot be renamed to ${to}: an operation on old has not ended`
        assert.deepEqual(yield* Effect.all([message("old", "older", "late"), message("alone", "old", "late")]), [
          open("old", "older"),
          open("alone", "old"),
        ])
        // What is open elsewhere holds nothing up.
        assert.strictEqual((yield* agent.move({ label: "alone", forma: "late" }, "alone-2")).status, "succeeded")
      }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is changed as a whole, or not at all", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { apply, inventory } = yield* makeShop
      yield* apply(few)
      const before = yield* inventory
      // The last statement of the move fails.
      const move = Effect.flip(agent.move({ label: "net" }, "network"))
      assert.strictEqual((yield* whileRefused({ on: "UPDATE OF label", table: "operations" }, move))._tag, "SqlError")
      assert.deepEqual((yield* inventory).resources, before.resources)
      assert.deepEqual((yield* agent.show({ label: "block" })).dependsOn, ["net"])
    }).pipe(Effect.provide(layerOnStore)),
  )
})

const layerOnStore = Agent.layer.pipe(
  Layer.provideMerge(layerChosenStore),
  Layer.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
)
