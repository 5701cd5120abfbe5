/** What an agent does for its callers, in one process and over its API: one suite for both. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import type { Inventory } from "../../src/agent/records/Inventory.ts"
import { inProcess } from "../../src/plugin/index.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { driftOf, formaOfPlants, makeGarden } from "../agent/garden.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { changesOf, makeShop, outcomes, shop } from "../agent/shop.ts"

/** An agent with plugins that are linked into its process. */
export type LayerOf = (plugins: ReadonlyArray<InProcessPlugin>) => Layer.Layer<Agent | Inventory>

/** Runs the suite. */
export const agentSuite = (name: string, layerOf: LayerOf) => {
  const cloud = () => layerOf([inProcess(fakeAws)])

  describe(`an agent ${name}`, () => {
    it.effect("plans, applies, lists and destroys, and says what happens in its order", () =>
      Effect.gen(function* () {
        const { apply, destroy, events, inventory, plan } = yield* makeShop
        const planned = yield* plan(shop)
        assert.deepEqual(
          new Set(planned.resources.map(({ operation, status }) => `${operation} ${status}`)),
          new Set(["create planned"]),
        )
        assert.deepEqual(planned.resources.find(({ label }) => label === "password")?.changes?.[1]?.after, {
          secret: true,
        })
        const applied = yield* apply(shop)
        assert.strictEqual(applied.status, "succeeded")
        assert.lengthOf(applied.resources, 10)
        const tags = events.map(({ _tag }) => _tag)
        assert.deepEqual(tags.slice(0, 2), ["Began", "Planned"])
        assert.lengthOf(
          tags.filter((tag) => tag === "Finished"),
          10,
        )
        for (const label of Object.keys(shop)) {
          const own = events.flatMap((event) =>
            event._tag === "Started" && event.change.label === label
              ? ["Started"]
              : event._tag === "Finished" && event.result.label === label
                ? ["Finished"]
                : [],
          )
          assert.deepEqual(own, ["Started", "Finished"])
        }
        assert.deepEqual(changesOf(yield* apply(shop)), [])
        assert.lengthOf((yield* inventory).resources, 10)
        assert.strictEqual((yield* destroy()).status, "succeeded")
        assert.lengthOf((yield* inventory).resources, 0)
      }).pipe(Effect.provide(cloud())),
    )

    it.effect("refuses what it cannot do, with errors of the same classes", () =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const { apply } = yield* makeShop
        const unknown = yield* Effect.flip(agent.plan({ ...formaOfNotes({ a: {} }) }))
        assert.strictEqual(unknown._tag, "NamespaceUnknown")
        const wrong = yield* Effect.flip(apply({ a: ["FakeAWS::S3::Bucket", { BucketNam: "x" }] }))
        assert.strictEqual(wrong._tag, "FormaInvalid")
        assert.include(wrong.message, "resources.0.properties")
        const missing = yield* Effect.flip(agent.show({ label: "nothing" }))
        assert.strictEqual(missing._tag, "ResourceNotFound")
        const open = yield* Effect.flip(agent.forget({ label: "nothing" }))
        assert.strictEqual(open._tag, "OperationNotOpen")
        const noOutput = yield* Effect.flip(agent.outputs({ name: "nothing" }))
        assert.strictEqual(noOutput._tag, "OutputNotFound")
      }).pipe(Effect.provide(cloud())),
    )

    it.effect("asks before it does anything, and does nothing where the answer is no", () =>
      Effect.gen(function* () {
        const agent = yield* Agent
        const asked: Array<ReadonlyArray<string>> = []
        const answer =
          (yes: boolean) =>
          ({ resources }: { readonly resources: Parameters<typeof outcomes>[0]["resources"] }) =>
            Effect.sync(() => {
              asked.push(resources.map(({ label, operation }) => `${label} ${operation}`))
              return yes
            })
        const forma = formaOfNotes({ a: { Text: "a" } })
        const no = yield* Effect.flip(agent.apply(forma, { confirm: answer(false) }))
        assert.strictEqual(no._tag, "NotConfirmed")
        assert.strictEqual(no._tag === "NotConfirmed" && no.reason, "Declined")
        assert.lengthOf((yield* agent.inventory).resources, 0)
        const yes = yield* agent.apply(forma, { confirm: answer(true) })
        assert.deepEqual(outcomes(yes), ["a create"])
        assert.deepEqual(asked, [["a create"], ["a create"]])
        // Nothing to do, so nothing is asked.
        yield* agent.apply(forma, { confirm: answer(false) })
        assert.lengthOf(asked, 2)
      }).pipe(Effect.provide(layerOf([makeNotes().plugin]))),
    )

    it.effect("reads what exists, and refuses to overwrite what was changed elsewhere where it has to ask", () => {
      const garden = makeGarden()
      return Effect.gen(function* () {
        const agent = yield* Agent
        const forma = formaOfPlants({ rose: { Color: "red" } }, { rose: { drift: "ask" } })
        yield* agent.apply(forma)
        yield* garden.elsewhere("rose", { Color: "blue" })
        const found = yield* agent.sync({ forma: "beds" })
        assert.deepEqual(driftOf(found), [`rose update /Color: "red" -> "blue"`])
        assert.deepEqual((yield* agent.drift({ labels: ["rose"] })).resources, found.resources)
        const unknown = [
          yield* Effect.flip(agent.sync({ labels: ["rsoe"] })),
          yield* Effect.flip(agent.drift({ forma: "bds" })),
        ]
        assert.deepEqual(
          unknown.map((error) => [error._tag, error.message]),
          [
            ["ResourceNotFound", "There is no resource rsoe; did you mean rose?"],
            ["ResourceNotFound", "The state has nothing of a document bds; did you mean beds?"],
          ],
        )
        assert.deepEqual((yield* agent.plan(forma)).resources[0]?.asksDrift, ["/Color"])
        const refused = yield* Effect.flip(agent.apply(forma))
        assert.strictEqual(refused._tag, "DriftNotAccepted")
        assert.include(refused.message, "rose (Garden::Of::Plant) was changed outside of formae at /Color")
        const yes = { acceptDrift: "confirmed", confirm: () => Effect.succeed(true) } as const
        assert.deepEqual(changesOf(yield* agent.apply(forma, yes)), ["rose update"])
        yield* agent.apply(formaOfPlants({ rose: { Color: "red" } }, { rose: { drift: "repair" } }))
        yield* garden.elsewhere("rose", { Color: "blue" })
        assert.include((yield* agent.sync({ repair: true })).note, "set back in beds: rose")
        assert.strictEqual(garden.plants.get("rose-1")?.["Color"], "red")
        yield* garden.uproot("rose")
        assert.deepEqual(changesOf(yield* agent.apply(forma, { acceptDrift: ["rose"] })), ["rose create"])
        yield* garden.elsewhere("rose", { Color: "blue" })
        assert.strictEqual((yield* Effect.flip(agent.destroy("beds")))._tag, "DriftNotAccepted")
        assert.deepEqual(changesOf(yield* agent.destroy("beds", { acceptDrift: ["rose"] })), ["rose delete"])
      }).pipe(Effect.provide(layerOf([garden.plugin])))
    })
  })
}
