import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "../../src/agent/Agent.ts"
import type { CommandOptions } from "../../src/agent/commands/CommandOptions.ts"
import { doesSomething } from "../../src/agent/commands/doesSomething.ts"
import { DefaultDriftPolicy } from "../../src/agent/forma/DefaultDriftPolicy.ts"
import { formatResult } from "../../src/cli/formatResult.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"
import { ProviderError } from "../../src/plugin/index.ts"
import { Namespace } from "../../src/protocol/Identity.ts"
import { formaOfPlants, layerGarden, makeGarden, type Plants, tree } from "./garden.ts"
import { changesOf } from "./shop.ts"

const asks = { rose: { drift: "ask" } } as const
const careful = (plants: Plants) => formaOfPlants(plants, asks)

describe("drift: ask", () => {
  it.effect("keeps an apply from what was changed elsewhere, until it is accepted", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = careful({ rose: { Color: "red", Labels: { bed: "one" } }, fern: {} })
      yield* agent.apply(forma)
      yield* garden.elsewhere("rose", { Color: "blue" })
      yield* garden.elsewhere("fern", { Name: "fern", Color: "green" })
      yield* garden.newCalls
      const plan = yield* agent.plan(forma)
      assert.deepEqual(
        plan.resources.map(({ asksDrift, label }) => [label, asksDrift]),
        [
          ["rose", ["/Color"]],
          ["fern", undefined],
        ],
      )
      assert.include(
        linesToWrite(formatResult(plan, ["beds"]), false).join("\n"),
        "     drift: ask  an apply overwrites it only where that is accepted: Color",
      )
      const refusedWith = (options: CommandOptions) => Effect.flip(agent.apply(forma, options))
      for (const options of [{}, { acceptDrift: ["fern"] }, { confirm: () => Effect.succeed(true) }] as const) {
        const error = yield* refusedWith(options)
        assert.strictEqual(error._tag, "DriftNotAccepted")
        assert.include(error.message, "rose (Garden::Of::Plant) was changed outside of formae at /Color")
      }
      assert.strictEqual((yield* refusedWith({ acceptDrift: "confirmed" }))._tag, "DriftNotAccepted", "nobody is asked")
      const no = yield* refusedWith({ acceptDrift: "confirmed", confirm: () => Effect.succeed(false) })
      assert.strictEqual(no._tag, "NotConfirmed")
      assert.notInclude((yield* garden.newCalls).join(), "update")
      assert.deepEqual(changesOf(yield* agent.apply(forma, { acceptDrift: ["rose"] })), ["rose update"])
      assert.strictEqual(garden.plants.get("rose-1")?.["Color"], "red")
      yield* garden.elsewhere("rose", { Color: "blue" })
      const yes = { acceptDrift: "confirmed", confirm: () => Effect.succeed(true) } as const
      assert.deepEqual(changesOf(yield* agent.apply(forma, yes)), ["rose update"])
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("asks for nothing that the document changes itself, or has taken over", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(careful({ rose: { Color: "red", Labels: { bed: "one" }, Key: "old" } }))
      assert.deepEqual(changesOf(yield* agent.apply(careful({ rose: { Color: "white", Key: "new" } }))), [
        "rose update",
      ])
      yield* garden.elsewhere("rose", { Color: "blue" })
      assert.deepEqual(changesOf(yield* agent.apply(careful({ rose: { Color: "blue", Height: 9, Key: "new" } }))), [
        "rose update",
      ])
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("asks before what was deleted elsewhere is created again, and before it is replaced", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = careful({ rose: { Color: "red" } })
      yield* agent.apply(forma)
      yield* garden.elsewhere("rose", { Color: "blue" })
      const replaced = { ...forma, resources: forma.resources.map((one) => ({ ...one, properties: { Name: "lily" } })) }
      const ofReplace = yield* Effect.flip(agent.apply(replaced))
      assert.include(ofReplace.message, "at /Color")
      yield* garden.uproot("rose")
      const gone = yield* Effect.flip(agent.apply(forma))
      assert.include(gone.message, "rose (Garden::Of::Plant) was deleted outside of formae")
      assert.deepEqual(changesOf(yield* agent.apply(forma, { acceptDrift: ["rose"] })), ["rose create"])
      assert.deepEqual(changesOf(yield* agent.destroy("beds")), ["rose delete"], "nobody has changed it since")
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("asks before a secret is overwritten that may have been changed elsewhere", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = (color: string) => careful({ rose: { Color: { $secret: color } } })
      yield* agent.apply(forma("old"))
      assert.deepEqual(changesOf(yield* agent.apply(forma("older"))), ["rose update"], "nobody else has changed it")
      yield* garden.elsewhere("rose", { Color: "theirs" })
      const { resources } = yield* agent.plan(forma("new"))
      assert.deepEqual(
        resources.map((one) => one.asksDrift),
        [["/Color"]],
      )
      const error = yield* Effect.flip(agent.apply(forma("new")))
      assert.include(error.message, "rose (Garden::Of::Plant) may have been changed outside of formae at /Color, which")
      assert.include(error.message, "or accept that it is overwritten")
      assert.strictEqual(garden.plants.get("rose-1")?.["Color"], "theirs")
      assert.deepEqual(changesOf(yield* agent.apply(forma("new"), { acceptDrift: ["rose"] })), ["rose update"])
      assert.strictEqual(garden.plants.get("rose-1")?.["Color"], "new")
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("asks before what was changed elsewhere is deleted, by an apply and by a destroy", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(careful({ rose: { Color: "red", Kind: { $secret: "old" } }, fern: { Color: "green" } }))
      yield* Effect.forEach(["rose", "fern"], (name) => garden.elsewhere(name, { Color: "blue", Kind: "theirs" }))
      const without = careful({ fern: { Color: "blue" } })
      const plan = yield* agent.plan(without)
      assert.deepEqual(
        plan.resources.flatMap(({ asksDrift, label }) => (asksDrift === undefined ? [] : [[label, asksDrift]])),
        [["rose", ["/Color", "/Kind"]]],
      )
      assert.include(
        linesToWrite(formatResult(plan, ["beds"]), false).join("\n"),
        "     drift: ask  it was changed outside of formae, and is deleted only where that is accepted: Color, Kind",
      )
      const yes = { acceptDrift: "confirmed", confirm: () => Effect.succeed(true) } as const
      for (const command of [
        (options: CommandOptions) => agent.apply(without, options),
        (options: CommandOptions) => agent.destroy("beds", options),
      ]) {
        for (const options of [{}, { acceptDrift: ["fern"] }, { confirm: () => Effect.succeed(true) }] as const) {
          const error = yield* Effect.flip(command(options))
          assert.strictEqual(error._tag, "DriftNotAccepted")
          assert.include(
            error.message,
            "rose (Garden::Of::Plant), which would be deleted, was changed outside of formae",
          )
          assert.include(error.message, "at /Color, and perhaps at /Kind, which is secret")
          assert.notInclude(error.message, "fern")
        }
      }
      assert.notInclude((yield* garden.newCalls).join(), "delete")
      assert.deepEqual(changesOf(yield* agent.apply(without, yes)), ["rose delete"])
      yield* agent.apply(careful({ rose: {}, fern: { Color: "blue" } }))
      yield* garden.elsewhere("rose", { Name: "other" })
      const answer = yield* Effect.flip(agent.destroy("beds", { ...yes, confirm: () => Effect.succeed(false) }))
      assert.strictEqual(answer._tag, "NotConfirmed")
      yield* garden.uproot("fern")
      const destroyed = yield* agent.destroy("beds", { acceptDrift: ["rose"] })
      assert.deepEqual(changesOf(destroyed).toSorted(), ["fern delete", "rose delete"])
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("asks before what was changed elsewhere gives way to a resource of another type", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(careful({ rose: { Color: "red" } }))
      const { resources, ...rest } = careful({ rose: { Color: "red" } })
      const forma = { ...rest, resources: resources.map((one) => ({ ...one, type: tree })) }
      yield* garden.elsewhere("rose", { Color: "blue" })
      assert.include((yield* Effect.flip(agent.apply(forma))).message, "rose (Garden::Of::Plant) was changed outside")
      // What the new one ignores of itself says nothing about the one that is deleted.
      const ignoring = { ...forma, resources: forma.resources.map((one) => ({ ...one, ignore: ["Color"] })) }
      assert.strictEqual((yield* Effect.flip(agent.apply(ignoring)))._tag, "DriftNotAccepted")
      yield* garden.elsewhere("rose", { Color: "red" })
      assert.deepEqual(changesOf(yield* agent.apply(forma)), ["rose replace"])
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("keeps a resource that has to be deleted and cannot be read", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(careful({ rose: {}, fern: {} }))
      yield* garden.beforeRead("rose", Effect.fail(ProviderError.of("AccessDenied", "not yours")))
      yield* garden.newCalls
      const { resources } = yield* agent.destroy("beds")
      assert.deepEqual(
        resources.map(({ error, label }) => [label, error?.code]),
        [
          ["fern", undefined],
          ["rose", "AccessDenied"],
        ],
      )
      assert.strictEqual(garden.plants.size, 1)
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("is what a target says for its resources, and is recorded with them", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const here = { namespace: Namespace.make("Garden"), config: {}, drift: "ask" } as const
      const forma = formaOfPlants({ rose: {}, fern: {} }, { fern: { drift: "report" } }, { targets: { here } })
      yield* agent.apply(formaOfPlants({ rose: {}, fern: {} }))
      const { resources } = yield* agent.plan(forma)
      assert.deepEqual(
        resources.map((one) => [one.label, one.changedCare, doesSomething(one)]),
        [
          ["rose", { drift: "ask" }, true],
          ["fern", undefined, false],
        ],
      )
      yield* agent.apply(forma)
      assert.deepEqual((yield* agent.show({ label: "rose" })).care, { drift: "ask" })
      yield* Effect.forEach(["rose", "fern"], garden.uproot)
      const { resources: drifted } = yield* agent.sync()
      assert.deepEqual(
        drifted.map(({ drift, label }) => [label, drift?.policy]),
        [
          ["fern", "report"],
          ["rose", "ask"],
        ],
      )
    }).pipe(Effect.provide(layerGarden(garden)))
  })
})

describe("the drift policy of the configuration", () => {
  it.effect("holds where neither the resource nor its target says what happens", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const forma = formaOfPlants({ rose: { Color: "red" }, fern: { Color: "red" } }, { fern: { drift: "report" } })
      yield* agent.apply(forma)
      for (const label of ["rose", "fern"]) yield* garden.elsewhere(label, { Color: "blue" })
      const plan = yield* agent.plan(forma)
      assert.deepEqual(
        plan.resources.map(({ asksDrift, label }) => [label, asksDrift]),
        [
          ["rose", ["/Color"]],
          ["fern", undefined],
        ],
      )
    }).pipe(Effect.provide(Layer.provide(layerGarden(garden), Layer.succeed(DefaultDriftPolicy, "ask"))))
  })

  it.effect("sets back what drifts, where it says so", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(
        formaOfPlants({ rose: { Color: "red" }, fern: { Color: "red" } }, { fern: { drift: "report" } }),
      )
      for (const label of ["rose", "fern"]) yield* garden.elsewhere(label, { Color: "blue" })
      assert.include((yield* agent.sync({ repair: true })).note, "set back in beds: rose")
      assert.deepEqual(
        [garden.plants.get("rose-1")?.["Color"], garden.plants.get("fern-2")?.["Color"]],
        ["red", "blue"],
      )
    }).pipe(Effect.provide(Layer.provide(layerGarden(garden), Layer.succeed(DefaultDriftPolicy, "repair"))))
  })
})
