import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import { formaOf, layerAgent, makeShop } from "./shop.ts"

describe("P3: properties whose answer could not be read", () => {
  const text = "x".repeat(1_500_000)
  const large = ["FakeAWS::Legacy::Widget", { Model: text }] as const
  const tags = (...values: ReadonlyArray<typeof text | { readonly $ref: string }>) =>
    [
      "FakeAWS::S3::Bucket",
      { BucketName: "tagged", Tags: values.map((Value, index) => ({ Key: `k${index}`, Value })) },
    ] as const

  it.effect("are refused before anything is done, and what has them can be destroyed", () =>
    Effect.gen(function* () {
      const { file, target } = yield* makeShop
      const agent = yield* Agent
      const forma = formaOf("shop", target(), { large, tagged: tags(text, text, text) })
      for (const command of [agent.plan, agent.apply]) {
        const error = yield* Effect.flip(command(forma))
        assert.strictEqual(
          error.message,
          "resources.1.properties: has more than 4000000 characters; keep what is so large elsewhere, and refer to it",
        )
      }
      assert.isFalse(existsSync(file))
      assert.strictEqual((yield* agent.destroy(forma)).status, "succeeded")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("are not sent where references make them so large", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeShop
      const agent = yield* Agent
      const model = { $ref: "large.Model" }
      const create = yield* agent.apply(formaOf("shop", target(), { large, tagged: tags(model, model, model) }))
      const message =
        "properties of tagged, with what its references stand for: has more than 4000000 characters; keep what is so large elsewhere, and refer to it"
      assert.deepInclude(create.resources[1], { label: "tagged", status: "failed" })
      assert.deepInclude(create.resources[1]?.error, { code: "InvalidRequest", message })
      assert.lengthOf(yield* resources, 1)

      const small = yield* agent.apply(formaOf("shop", target(), { large, tagged: tags(model) }))
      assert.strictEqual(small.status, "succeeded")
      const update = yield* agent.apply(formaOf("shop", target(), { large, tagged: tags(model, model, model) }))
      assert.deepInclude(update.resources[1]?.error, { code: "InvalidRequest", message })
      assert.strictEqual(
        (yield* agent.apply(formaOf("shop", target(), { large, tagged: tags(model) }))).status,
        "succeeded",
      )
    }).pipe(Effect.provide(layerAgent())),
  )
})
