/** The care that a document asks for where it is destroyed, in one process and over its API. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import { Namespace } from "../../src/protocol/Identity.ts"
import { formaOfPlants, makeGarden } from "../agent/garden.ts"
import { outcomes } from "../agent/shop.ts"
import type { LayerOf } from "./agentSuite.ts"

const plants = { rose: { Color: "red" }, tulip: { Color: "white" } }

/** Runs the suite. */
export const careSuite = (name: string, layerOf: LayerOf) => {
  describe(`a destroy by an agent ${name}`, () => {
    it.effect("heeds what its document asks for since it was applied, also when it is resumed", () => {
      const garden = makeGarden()
      return Effect.gen(function* () {
        const agent = yield* Agent
        yield* agent.apply(formaOfPlants(plants))
        const refusals = [
          formaOfPlants(plants, { rose: { protect: true } }),
          formaOfPlants({ lily: plants.rose }, { lily: { protect: true } }, { moved: [{ from: "rose", to: "lily" }] }),
        ]
        for (const forma of refusals) {
          assert.strictEqual((yield* Effect.flip(agent.destroy(forma)))._tag, "ResourcesProtected")
        }
        yield* garden.elsewhere("rose", { Color: "blue" })
        const here = { namespace: Namespace.make("Garden"), config: {}, drift: "ask" } as const
        const asking = formaOfPlants(plants, {}, { targets: { here } })
        assert.strictEqual((yield* Effect.flip(agent.destroy(asking)))._tag, "DriftNotAccepted")

        const retaining = formaOfPlants(plants, { rose: { onRemove: "retain" } })
        const canceled = yield* agent.destroy(retaining, { stopWhen: Effect.void })
        assert.strictEqual(canceled.status, "canceled")
        const resumed = yield* agent.resume({ forma: "beds" })
        assert.sameMembers([...outcomes(resumed)], ["rose forget", "tulip delete"])
        assert.deepEqual([...garden.plants.keys()], ["rose-1"])
      }).pipe(Effect.provide(layerOf([garden.plugin])))
    })
  })
}
