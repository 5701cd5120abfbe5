import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Agent } from "../../src/agent/Agent.ts"
import { Answer, definePlugin, defineResource, inProcess, Property } from "../../src/plugin/index.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { changesOf, formaOf, layerAgent, outcomes } from "./shop.ts"

/** What a provider has may look like any expression of a document. */
const found: Properties = {
  "/a": { $ref: "nobody.Id" },
  "/b": { $text: "${" },
  "/c": [{ $output: "network.none" }, { $secret: "x" }, { $value: 1 }],
}

const makeWiki = () => {
  const created: Array<unknown> = []
  const page = defineResource({
    type: "Wiki::Of::Page",
    idempotency: "name",
    target: Schema.Struct({}),
    properties: Schema.Struct({
      Text: Schema.Record(Schema.String, Schema.Json),
      Found: Property.output(Schema.Json),
    }),
    create: ({ label, properties }) => {
      created.push(properties.Text)
      return Effect.succeed(Answer.succeeded({ nativeId: label, properties: { ...properties, Found: found } }))
    },
    read: ({ nativeId }) => Effect.succeed({ Text: nativeId === "user" ? found : {}, Found: found }),
    update: ({ desired, nativeId }) =>
      Effect.succeed(Answer.succeeded({ nativeId, properties: { ...desired, Found: found } })),
    delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
  })
  return {
    created,
    plugin: inProcess(definePlugin({ name: "wiki", namespace: "Wiki", version: "1.0.0", types: [page] })),
  }
}

describe("an output of another document", () => {
  const { created, plugin } = makeWiki()
  it.effect("is a value as it is, whatever is in it, and a document may not write such a value", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const forma = (name: string, label: string, Text: Properties[string], outputs: Properties) => ({
        ...formaOf(name, {}, { [label]: ["Wiki::Of::Page", { Text: Text ?? null }] }, "Wiki"),
        outputs,
      })
      yield* agent.apply(forma("network", "home", {}, { found: { $ref: "home.Found" } }))
      const user = forma("app", "user", { $output: "network.found" }, { again: { $output: "network.found" } })
      const applied = yield* agent.apply(user)
      assert.deepEqual(outcomes(applied), ["user create"])
      assert.deepEqual<unknown>(applied.outputs, { again: { value: found } })
      assert.deepEqual(created, [{}, found])
      assert.deepEqual(changesOf(yield* agent.plan(user)), [])
      const written = forma("app", "user", { a: { $value: { $ref: "nobody.Id" } } }, { b: [{ $value: 1 }] })
      const message = "an object with the key $value is not possible in a document; write the value itself"
      const refused = yield* Effect.flip(agent.plan(written))
      assert.deepEqual(refused.message.split("\n"), [
        `resources.0.properties.Text: ${message}`,
        `outputs.b: ${message}`,
      ])
    }).pipe(Effect.provide(layerAgent([plugin]))),
  )
})
