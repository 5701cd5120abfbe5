import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { formaOf, layerAgent, makeShop } from "./shop.ts"

const secret = "FakeAWS::SecretsManager::Secret"

const makeNotes = Effect.gen(function* () {
  const agent = yield* Agent
  const shop = yield* makeShop
  const forma = (described: Properties, faults: ReadonlyArray<unknown> = []) => ({
    ...formaOf("notes", shop.target(faults.length === 0 ? {} : { faults: [...faults] as Properties[string] }), {
      note: [secret, { Name: "note", SecretString: "x", ...described }],
    }),
    outputs: { described: { $text: "${note.Description}!" }, name: { $ref: "note.Name" } },
  })
  const kept = Effect.map(agent.outputs({ name: "notes" }), ({ outputs }): unknown => outputs)
  return { agent, forma, kept }
})

const name = { value: "note" }

describe("an output that has no value any more", () => {
  it.effect("is not kept and is told of, and the next plan refuses it", () =>
    Effect.gen(function* () {
      const { agent, forma, kept } = yield* makeNotes
      const first = yield* agent.apply(forma({ Description: "old" }))
      assert.deepEqual<unknown>(first.outputs, { described: { value: "old!" }, name })
      assert.notProperty(first, "notes")
      const second = yield* agent.apply(forma({}))
      assert.strictEqual(second.status, "succeeded")
      assert.deepEqual<unknown>(second.outputs, { name })
      assert.deepEqual(yield* kept, { "notes.name": name })
      assert.strictEqual(
        second.note,
        "an output of notes has no value: described. Something that it refers to has no value, or one that does not fit into its text. Change what it refers to, or take it out of the document",
      )
      const refused = yield* Effect.flip(agent.plan(forma({})))
      assert.strictEqual(
        refused.message,
        "outputs.described: note has no Description, so there is nothing to refer to; set it in the document, or refer to another property",
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("keeps its old one where a resource that it refers to has failed", () =>
    Effect.gen(function* () {
      const { agent, forma, kept } = yield* makeNotes
      yield* agent.apply(forma({ Description: "old" }))
      const fault = { operation: "update", type: secret, when: "before", action: "error", code: "AccessDenied" }
      const failed = yield* agent.apply(forma({ Description: "new" }, [fault]))
      assert.strictEqual(failed.status, "failed")
      assert.notProperty(failed, "notes")
      assert.deepEqual(yield* kept, { "notes.described": { value: "old!" }, "notes.name": name })
    }).pipe(Effect.provide(layerAgent())),
  )
})
