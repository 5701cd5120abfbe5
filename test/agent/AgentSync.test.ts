import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Agent } from "../../src/agent/Agent.ts"
import { DriftObserver } from "../../src/agent/records/DriftFound.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { ProviderError } from "../../src/plugin/index.ts"
import { layerTestStore } from "../../src/testing/TestStore.ts"
import { driftOf, formaOfPlants, layerGarden, makeGarden } from "./garden.ts"
import { changesOf } from "./shop.ts"

const everything = {
  Color: "red",
  Kind: "ROSE",
  Tools: ["spade", "rake"],
  Labels: { bed: "one" },
  Port: "port 80",
}

const notesOf = ({ note = "" }: { readonly note?: string }) => note

describe("a sync", () => {
  it.effect("finds nothing where nothing was changed, whatever the provider adds or writes in another way", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: everything, tulip: { Key: "secret" } }))
      yield* garden.newCalls
      assert.deepInclude(yield* agent.sync(), { command: "sync", status: "succeeded", resources: [], read: 2 })
      assert.deepEqual(yield* garden.newCalls, ["read rose-1", "read tulip-2"])
      assert.deepInclude(yield* agent.drift(), { resources: [] })
      assert.deepEqual(yield* garden.newCalls, [], "the drift is what was read last")
      yield* garden.elsewhere("rose", { Height: 9, Tools: ["rake", "spade"], Kind: "Rose", Port: "port 80" })
      assert.deepEqual(driftOf(yield* agent.sync()), [], "nothing of this was wanted, or it is the same")
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("finds what was changed elsewhere, place by place, without secrets, and says since when", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* TestClock.setTime(1_000)
      yield* agent.apply(
        formaOfPlants({ rose: everything, tulip: { Key: "secret", Color: { $secret: "red" } }, fern: {} }),
      )
      yield* garden.elsewhere("rose", { Color: "blue", Labels: { bed: "one", by: "hand" }, Tools: undefined })
      yield* TestClock.setTime(2_000)
      yield* agent.sync()
      yield* garden.elsewhere("rose", { Port: "81" })
      yield* garden.elsewhere("tulip", { Color: "stolen" })
      yield* garden.elsewhere("fern", { Name: "moss" })
      yield* TestClock.setTime(3_000)
      const found = yield* agent.sync()
      const expected = [
        `fern replace /Name: "fern" -> "moss"`,
        `rose update /Color: "red" -> "blue"`,
        `rose update /Tools: ["spade","rake"] -> nothing`,
        `rose update /Labels: {"bed":"one"} -> {"bed":"one","by":"hand"}`,
        `rose update /Port: "port 80" -> "81"`,
        `tulip update /Color: {"secret":true} -> {"secret":true}`,
      ]
      assert.sameMembers([...driftOf(found)], expected)
      const listed = yield* agent.drift()
      assert.deepEqual(listed.resources, found.resources)
      const rose = listed.resources.find(({ label }) => label === "rose")
      assert.deepEqual(
        rose?.drift?.places.map(({ path, since }) => [path, since]),
        [
          ["/Color", 2_000],
          ["/Tools", 2_000],
          ["/Labels", 2_000],
          ["/Port", 3_000],
        ],
      )
      assert.strictEqual(rose?.drift?.readAt, 3_000)
      assert.notInclude(JSON.stringify(listed), "stolen")
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("sees the same as a plan of the document, and no more", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = formaOfPlants({ rose: everything, fern: { Color: "green" } }, { rose: { ignore: ["Color"] } })
      yield* agent.apply(forma)
      yield* garden.elsewhere("rose", { Color: "blue", Port: "90" })
      yield* garden.elsewhere("fern", { Height: 7 })
      assert.deepEqual(driftOf(yield* agent.sync()), [`rose update /Port: "port 80" -> "90"`])
      const { resources } = yield* agent.plan(forma)
      assert.deepEqual(
        resources.flatMap(({ changes = [], label }) => changes.map(({ path }) => `${label} ${path}`)),
        ["rose /Port"],
      )
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("marks what is gone, and the next apply creates it again", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = formaOfPlants({ rose: {}, fern: {} })
      yield* agent.apply(forma)
      yield* garden.uproot("rose")
      yield* TestClock.setTime(5_000)
      assert.deepEqual(driftOf(yield* agent.sync()), ["rose create gone"])
      yield* TestClock.setTime(6_000)
      yield* agent.sync()
      const [gone] = (yield* agent.drift()).resources
      assert.deepInclude(gone, { label: "rose", nativeId: "rose-1", deletedOutside: true })
      assert.deepInclude(gone?.drift, { goneSince: 5_000, readAt: 6_000 })
      const planned = (yield* agent.plan(forma)).resources.map((one) => [one.label, one.operation, one.deletedOutside])
      assert.deepEqual(planned, [
        ["rose", "create", true],
        ["fern", "noop", undefined],
      ])
      assert.deepEqual(changesOf(yield* agent.apply(forma)), ["rose create"])
      assert.deepEqual(driftOf(yield* agent.drift()), [])
      assert.deepEqual(driftOf(yield* agent.sync()), [])
      assert.deepEqual([...garden.plants.keys()], ["fern-2", "rose-3"])
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("is limited to a document or to labels, and tells what was never read", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: {}, fern: {} }))
      yield* agent.apply(formaOfPlants({ oak: {} }, {}, { name: "trees" }))
      yield* garden.newCalls
      assert.strictEqual((yield* agent.sync({ forma: "trees" })).read, 1)
      assert.strictEqual((yield* agent.sync({ labels: ["fern"] })).read, 1)
      assert.deepEqual(yield* garden.newCalls, ["read oak-3", "read fern-2"])
      assert.include(notesOf(yield* agent.drift()), "not read since it was last changed, of beds: rose")
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("refuses a name that means nothing, as a list of drift does, and reads nothing", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: {}, fern: {} }))
      yield* agent.apply(formaOfPlants({ rose: {} }, {}, { name: "trees" }))
      yield* garden.newCalls
      for (const [selection, message] of [
        [{ labels: ["fern", "rsoe"] }, "There is no resource rsoe; did you mean rose?"],
        [{ forma: "trees", labels: ["fern"] }, "There is no resource fern in the document trees; it is in beds"],
        [{ forma: "threes" }, "The state has nothing of a document threes; did you mean trees?"],
      ] as const) {
        const errors = [yield* Effect.flip(agent.sync(selection)), yield* Effect.flip(agent.drift(selection))]
        assert.deepEqual(
          errors.map((error) => [error._tag, error.message]),
          [
            ["ResourceNotFound", message],
            ["ResourceNotFound", message],
          ],
        )
      }
      assert.deepEqual(yield* garden.newCalls, [])
      assert.strictEqual((yield* agent.sync({ labels: ["rose"] })).read, 2, "it is in both")
      const source = { path: null, relativePath: null, isNamed: true, resources: [] }
      yield* agent.apply(formaOfPlants({}, {}, { name: "empty" }), { document: source })
      const { note, read } = yield* agent.sync({ forma: "empty" })
      assert.strictEqual(read, 0)
      assert.include(note, "the state has no resources of a document empty")
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("goes on where one resource cannot be read", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: {}, fern: {} }))
      yield* garden.elsewhere("rose", { Name: "other" })
      yield* agent.sync()
      yield* garden.beforeRead("rose", Effect.fail(ProviderError.of("AccessDenied", "the gate is shut")))
      const result = yield* agent.sync()
      assert.deepInclude(result, { status: "failed", read: 1 })
      assert.deepEqual(driftOf(result), ["rose AccessDenied"])
      assert.lengthOf(driftOf(yield* agent.drift()), 1, "what was read before is still known")
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("fails to compare what its plugin has no type for any more, so that its drift is not over", () => {
    const garden = makeGarden()
    let isDeclared = true
    const layerForgetful = Layer.effect(
      PluginCoordinator,
      Effect.map(PluginCoordinator, (plugins) =>
        PluginCoordinator.of({
          ...plugins,
          capabilities: (namespace) =>
            Effect.map(plugins.capabilities(namespace), (types) => (isDeclared ? types : new Map())),
        }),
      ),
    )
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: { Color: "red" } }))
      yield* garden.elsewhere("rose", { Color: "blue" })
      yield* agent.sync()
      isDeclared = false
      const result = yield* agent.sync()
      assert.deepInclude(result, { status: "failed", read: 0 })
      assert.include(result.resources[0]?.error?.message, "does not have the type Garden::Of::Plant any more")
      assert.lengthOf(driftOf(yield* agent.drift()), 1)
      assert.strictEqual((yield* agent.show({ label: "rose" })).drifts[0]?.endedAt, null)
    }).pipe(
      Effect.provide(
        Agent.layer.pipe(
          Layer.provide(layerForgetful),
          Layer.provide(PluginCoordinator.layerInProcess([garden.plugin])),
          Layer.provideMerge(Layer.fresh(layerTestStore)),
        ),
      ),
    )
  })
})

describe("what a sync has read", () => {
  it.effect("is not recorded for a row that was written meanwhile, even with the values that it had", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = formaOfPlants({ rose: { Color: "red" } })
      yield* agent.apply(forma)
      const sql = yield* SqlClient.SqlClient
      yield* garden.elsewhere("rose", { Color: "blue" })
      yield* garden.beforeRead(
        "rose",
        Effect.orDie(sql`UPDATE resources SET updated_at = updated_at + 1, checksum = NULL`),
      )
      const result = yield* agent.sync()
      assert.deepInclude(result, { read: 0, resources: [] })
      assert.include(notesOf(result), "left out of beds, because a command is changing it")
      assert.deepEqual(driftOf(yield* agent.drift()), [])
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("holds no command up, and leaves out what a command is changing", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: { Color: "red" }, fern: {} }))
      const [reading, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const isFirst = Effect.andThen(Deferred.succeed(reading, undefined), Deferred.await(go))
      yield* garden.beforeRead(
        "rose",
        Effect.flatMap(Deferred.isDone(reading), (is) => (is ? Effect.void : isFirst)),
      )
      const sync = yield* Effect.forkChild(agent.sync())
      yield* Deferred.await(reading)
      const asked = yield* Deferred.make<void>()
      const apply = yield* Effect.forkChild(
        agent.apply(formaOfPlants({ rose: { Color: "blue" }, fern: {} }), {
          confirm: () => Effect.as(Deferred.await(asked), true),
        }),
      )
      // The apply has planned and claimed while the sync still reads.
      while (!(yield* garden.newCalls).includes("read fern-2")) yield* Effect.yieldNow
      yield* Effect.replicateEffect(Effect.yieldNow, 300)
      yield* Deferred.succeed(go, undefined)
      const result = yield* Fiber.join(sync)
      assert.include(notesOf(result), "left out of beds")
      assert.deepEqual(driftOf(result), [])
      yield* Deferred.succeed(asked, undefined)
      assert.deepEqual(changesOf(yield* Fiber.join(apply)), ["rose update"])
      assert.deepInclude(yield* agent.sync(), { read: 2, resources: [] })
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("is over once an apply has set it back, or has seen that somebody did; its history stays", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = formaOfPlants({ rose: { Color: "red" } })
      yield* agent.apply(forma)
      const drifts = Effect.map(agent.show({ label: "rose" }), ({ drifts: all }) =>
        all.map(({ endedAt, endedBy, path, since }) => [path, since, endedAt, endedBy]),
      )
      yield* TestClock.setTime(1_000)
      yield* garden.elsewhere("rose", { Color: "blue" })
      yield* agent.sync()
      yield* TestClock.setTime(2_000)
      yield* agent.apply(forma)
      assert.deepEqual(driftOf(yield* agent.drift()), [])
      yield* garden.elsewhere("rose", { Color: "white" })
      yield* agent.sync()
      yield* garden.elsewhere("rose", { Color: "red" })
      yield* TestClock.setTime(3_000)
      assert.deepEqual(changesOf(yield* agent.apply(forma)), [], "somebody has set it back")
      assert.deepEqual(driftOf(yield* agent.drift()), [])
      yield* garden.uproot("rose")
      yield* agent.sync()
      assert.deepEqual(yield* drifts, [
        ["/Color", 1_000, 2_000, "apply"],
        ["/Color", 2_000, 3_000, "apply"],
        ["", 3_000, null, null],
      ])
      yield* garden.elsewhere("rose-1", { Name: "rose", Color: "red" })
      yield* TestClock.setTime(4_000)
      yield* agent.sync()
      assert.deepEqual((yield* drifts).at(-1), ["", 3_000, 4_000, "sync"])
      yield* agent.move({ label: "rose" }, "flower")
      assert.lengthOf((yield* agent.show({ label: "flower" })).drifts, 3, "it follows the label")
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("tells an agent that stays which places have drifted, each once, and which are as wanted again", () => {
    const garden = makeGarden()
    const told: Array<unknown> = []
    const observer = Layer.succeed(DriftObserver, (found) => Effect.sync(() => void told.push(found)))
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: everything }))
      const rose = { forma: "beds", label: "rose", type: "Garden::Of::Plant" }
      const toldNow = Effect.map(agent.sync(), () => told.splice(0))
      yield* garden.elsewhere("rose", { Color: "blue" })
      assert.deepEqual(yield* toldNow, [{ ...rose, appeared: ["/Color"], ended: [] }])
      assert.deepEqual(yield* toldNow, [])
      yield* garden.elsewhere("rose", { Color: "red", Port: "81" })
      assert.deepEqual(yield* toldNow, [{ ...rose, appeared: ["/Port"], ended: ["/Color"] }])
      yield* garden.uproot("rose")
      assert.deepEqual(yield* toldNow, [{ ...rose, appeared: [""], ended: ["/Port"] }])
    }).pipe(Effect.provide(Layer.provide(layerGarden(garden), observer)))
  })
})
