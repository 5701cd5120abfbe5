import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import { deleted, page, succeeded } from "../../src/plugin/Answer.ts"
import { defineResource } from "../../src/plugin/ResourceDefinition.ts"
import { definePlugin } from "../../src/plugin/ResourcePlugin.ts"
import { create, list, read, unobserved } from "./operations.ts"
import { overMemory } from "./overMemory.ts"

describe("a list", () => {
  it.effect("counts as one of the operations that may be in flight", () =>
    Effect.gen(function* () {
      const creating = yield* Deferred.make<void>()
      const proceed = yield* Deferred.make<void>()
      let lists = 0
      const thing = defineResource({
        type: "Suite::Now::Thing",
        idempotency: "name",
        target: Schema.Struct({ region: Schema.String }),
        properties: Schema.Struct({}),
        create: () =>
          Deferred.succeed(creating, undefined).pipe(
            Effect.andThen(Deferred.await(proceed)),
            Effect.as(succeeded({ nativeId: "n", properties: {} })),
          ),
        read: () => Effect.succeed({}),
        delete: ({ nativeId }) => Effect.succeed(deleted(nativeId)),
        list: () => {
          lists += 1
          return Effect.succeed(page({ nativeIds: ["n"] }))
        },
      })
      const plugin = definePlugin({ name: "suite", namespace: "Suite", version: "1.0.0", types: [thing] })
      const { client, operator, remote } = yield* overMemory(plugin, 1)
      const made = yield* Effect.forkChild(operator.perform(create("Now", {}), unobserved))
      yield* Deferred.await(creating)
      const listed = yield* Effect.forkChild(operator.list(list("Now")), { startImmediately: true })
      // A call past the operator: its answer shows that no list was sent before it.
      yield* client.Read(read("Now", "n"))
      assert.strictEqual(lists, 0)
      assert.lengthOf(remote.inFlight(), 1)
      yield* Deferred.succeed(proceed, undefined)
      yield* Fiber.join(made)
      assert.deepEqual<unknown>((yield* Fiber.join(listed)).nativeIds, ["n"])
    }),
  )
})
