import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import type { CommandOptions } from "../../src/agent/commands/CommandOptions.ts"
import { doesSomething } from "../../src/agent/commands/doesSomething.ts"
import { formatResult } from "../../src/cli/formatResult.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"
import { Namespace } from "../../src/protocol/Identity.ts"
import { formaOfPlants, layerGarden, makeGarden, type Plants } from "./garden.ts"
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
      assert.deepEqual(changesOf(yield* agent.destroy("beds")), ["rose delete"], "what is not wanted is not asked for")
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
