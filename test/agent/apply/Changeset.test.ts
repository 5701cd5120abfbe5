import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Schema from "effect/Schema"
import { Agent } from "../../../src/agent/Agent.ts"
import { Answer, definePlugin, defineResource, inProcess, Property } from "../../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../../src/protocol/Identity.ts"
import { layerAgent } from "../shop.ts"

describe("the number of changes that are under way at the same time", () => {
  it.effect("is at most 32", () =>
    Effect.gen(function* () {
      const crowded = yield* Latch.make(false)
      let running = 0
      let most = 0
      const Thing = defineResource({
        type: "Crowd::Of::Thing",
        idempotency: "name",
        target: Schema.Struct({}),
        properties: Schema.Struct({ Name: Property.createOnly(Schema.String) }),
        create: ({ properties }) =>
          Effect.gen(function* () {
            running += 1
            most = Math.max(most, running)
            if (running === 32) yield* crowded.open
            yield* crowded.await
            yield* Effect.yieldNow
            running -= 1
            return Answer.succeeded({ nativeId: properties.Name, properties })
          }),
        read: () => Effect.succeed({}),
        delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
      })
      const plugin = definePlugin({ name: "crowd", namespace: "Crowd", version: "1.0.0", types: [Thing] })
      const names = Array.from({ length: 80 }, (_, index) => `thing${index}`)
      const forma = {
        name: "crowd",
        targets: { here: { namespace: Namespace.make("Crowd") } },
        resources: names.map((label) => ({
          label,
          type: ResourceType.make("Crowd::Of::Thing"),
          target: "here",
          properties: { Name: label },
        })),
      }
      const result = yield* Effect.flatMap(Agent, (agent) => agent.apply(forma)).pipe(
        Effect.provide(layerAgent([inProcess(plugin)])),
      )
      assert.strictEqual(result.status, "succeeded")
      assert.lengthOf(result.resources, 80)
      assert.strictEqual(most, 32)
    }),
  )
})
