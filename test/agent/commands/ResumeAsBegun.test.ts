import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../../src/agent/Agent.ts"
import type { CommandOptions } from "../../../src/agent/commands/CommandOptions.ts"
import type { Forma } from "../../../src/agent/forma/Forma.ts"
import { fateOfEarlier } from "../../../src/agent/records/EarlierCommands.ts"
import { formaOfPlants, layerGarden, makeGarden } from "../garden.ts"
import { changesOf, outcomes } from "../shop.ts"
import { errorOf } from "./cutOff.ts"

/** An apply that is stopped before its first step. */
const stopped = (forma: Forma, options: CommandOptions = {}) =>
  Effect.flatMap(Agent, (agent) => agent.apply(forma, { ...options, stopWhen: Effect.void }))

const inGarden = <A, E>(
  test: (garden: ReturnType<typeof makeGarden>, agent: Agent["Service"]) => Effect.Effect<A, E, Agent>,
) => {
  const garden = makeGarden()
  return Effect.flatMap(Agent, (agent) => test(garden, agent)).pipe(Effect.provide(layerGarden(garden)))
}

const beside = { $ref: "rose.Id" } as const

describe("an apply of some labels after one of all was stopped", () => {
  it.effect("leaves the rest to a resume, which does not redo its labels", () =>
    inGarden((garden, agent) =>
      Effect.gen(function* () {
        const first = formaOfPlants({ rose: {}, fern: { Beside: beside }, moss: { Color: "red" } })
        assert.lengthOf(changesOf(yield* stopped(first)), 3)
        const second = formaOfPlants({ rose: {}, fern: { Beside: beside }, moss: { Color: "green" } })
        assert.deepEqual(outcomes(yield* agent.apply(second, { only: ["moss"] })), ["moss create"])
        assert.deepEqual(outcomes(yield* agent.resume()), ["rose create", "fern create"])
        assert.strictEqual(garden.plants.get(garden.nativeIdOf("moss"))?.["Color"], "green")
        assert.deepEqual((yield* agent.resume()).resources, [])
        assert.deepEqual(changesOf(yield* agent.plan(second)), [])
      }),
    ),
  )

  it.effect("takes over what it does alone, and nothing where it does nothing", () =>
    inGarden((_, agent) =>
      Effect.gen(function* () {
        yield* agent.apply(formaOfPlants({ moss: {} }))
        const all = formaOfPlants({ moss: { Color: "red" }, fern: {} })
        yield* stopped(all)
        assert.deepEqual(outcomes(yield* agent.apply(formaOfPlants({ moss: {} }), { only: ["moss"] })), ["moss noop"])
        assert.deepEqual(outcomes(yield* agent.resume()), ["moss update", "fern create"])
        yield* stopped(formaOfPlants({ moss: { Color: "blue" }, fern: {} }), { only: ["moss"] })
        const both = formaOfPlants({ moss: { Color: "white" }, fern: { Color: "white" } })
        assert.lengthOf(changesOf(yield* agent.apply(both, { only: ["moss", "fern"] })), 2)
        assert.deepEqual((yield* agent.resume()).resources, [])
      }),
    ),
  )

  it.effect("is resumed before it, where both were stopped", () =>
    inGarden((_, agent) =>
      Effect.gen(function* () {
        const forma = formaOfPlants({ rose: {}, fern: { Beside: beside } })
        yield* stopped(forma)
        yield* stopped(forma, { only: ["rose"] })
        assert.deepEqual(outcomes(yield* agent.resume()), ["rose create", "rose noop", "fern create"])
        assert.deepEqual((yield* agent.resume()).resources, [])
      }),
    ),
  )
})

describe("what becomes of an earlier command", () => {
  const apply = { command: "apply", left: [] } as const
  it.effect.each([
    ["one of all, as all begins", { ...apply, only: null }, null, "superseded"],
    ["one of all, as some begin", { ...apply, only: null }, ["a"], { left: ["a"] }],
    ["one of some, as more begin", { ...apply, only: ["a"] }, ["a", "b"], "superseded"],
    ["one of some, as others begin", { ...apply, only: ["a"] }, ["b"], { left: ["b"] }],
    ["one whose rest begins", { ...apply, left: ["a"], only: ["a", "b"] }, ["b"], "superseded"],
    ["a destroy", { ...apply, command: "destroy", only: null }, ["a"], "superseded"],
  ] as const)("%s", ([, earlier, now, fate]) =>
    Effect.sync(() => assert.deepEqual<unknown>(fateOfEarlier(earlier, now), fate)),
  )
})

describe("the resume of an apply", () => {
  const asks = { rose: { drift: "ask" } } as const

  it.effect("does not overwrite drift that was not accepted when it began", () =>
    inGarden((garden, agent) =>
      Effect.gen(function* () {
        yield* agent.apply(formaOfPlants({ rose: { Color: "red" } }, asks))
        const forma = formaOfPlants({ rose: { Color: "red" }, fern: {} }, asks)
        yield* stopped(forma)
        yield* garden.elsewhere("rose", { Color: "blue" })
        const resumed = yield* agent.resume()
        assert.deepEqual(outcomes(resumed), ["rose update: DriftNotAccepted", "fern create"])
        assert.include(errorOf(resumed, "rose")?.message, "rose (Garden::Of::Plant) was changed outside of formae at")
        assert.strictEqual(garden.plants.get("rose-1")?.["Color"], "blue")
        yield* stopped(forma, { acceptDrift: ["rose"] })
        assert.deepEqual(changesOf(yield* agent.resume()), ["rose update"], "this was accepted")
        assert.strictEqual(garden.plants.get("rose-1")?.["Color"], "red")
        yield* agent.destroy("beds", { stopWhen: Effect.void })
        yield* garden.elsewhere("rose", { Color: "blue" })
        assert.deepEqual(outcomes(yield* agent.resume()), ["fern delete", "rose delete: DriftNotAccepted"])
        yield* agent.destroy("beds", { acceptDrift: ["rose"], stopWhen: Effect.void })
        assert.deepEqual(outcomes(yield* agent.resume()), ["rose delete"])
      }),
    ),
  )

  it.effect("of some labels adds no other one, and says what it cannot do without", () =>
    inGarden((garden, agent) =>
      Effect.gen(function* () {
        const bed = (name: string): Forma => {
          const forma = formaOfPlants({ rose: { Name: name }, fern: { Color: "green" }, moss: {} })
          const [rose, fern, moss] = forma.resources
          if (rose === undefined || fern === undefined || moss === undefined) return forma
          return { ...forma, resources: [rose, { ...fern, dependsOn: ["rose"] }, moss] }
        }
        const left = { ...bed("rose"), resources: bed("rose").resources.slice(0, 2) }
        yield* agent.apply(left)
        yield* stopped(bed("lily"), { only: ["rose", "moss"] })
        yield* garden.elsewhere("fern", { Color: "brown" })
        const resumed = yield* agent.resume()
        assert.deepEqual(outcomes(resumed), ["rose replace: NotBegun", "moss create"])
        assert.strictEqual(
          errorOf(resumed, "rose")?.message,
          "rose cannot be changed without fern, which is not part of the command that is resumed; apply the document",
        )
        assert.strictEqual(garden.plants.get(garden.nativeIdOf("fern"))?.["Color"], "brown")
      }),
    ),
  )
})
