import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { CanonicalForms } from "../../../src/agent/operations/CanonicalForms.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess } from "../../../src/plugin/index.ts"
import { ResourceType } from "../../../src/protocol/Identity.ts"

/** A plugin that keeps texts in lower case. */
const plugin = inProcess(
  definePlugin({
    name: "suite",
    namespace: "Suite",
    version: "1.0.0",
    types: [
      defineResource({
        type: "Suite::Of::Text",
        idempotency: "none",
        target: Schema.Struct({}),
        properties: Schema.Struct({ Text: Schema.String }),
        canonical: (given) => ({ ...given, Text: String(given["Text"]).toLowerCase() }),
        create: ({ properties }) => Effect.succeed(Answer.succeeded({ nativeId: "n", properties })),
        read: () => Effect.succeed({ Text: "" }),
        delete: () => Effect.succeed(Answer.deleted("n")),
      }),
    ],
  }),
)

describe("canonical forms", () => {
  it.effect("are asked for in requests that fit into frames, and keep their order", () =>
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      let requests = 0
      const counted = PluginCoordinator.of({
        ...coordinator,
        operator: (request) => Effect.tap(coordinator.operator(request), () => Effect.sync(() => (requests += 1))),
      })
      const capabilities = (yield* coordinator.capabilities("Suite")).get(ResourceType.make("Suite::Of::Text"))
      assert.isDefined(capabilities)
      const texts = Array.from({ length: 30 }, (_, index) => `A${index}${"x".repeat(20_000)}`)
      const forms = yield* Effect.flatMap(CanonicalForms, (canonical) =>
        canonical.of(
          capabilities,
          texts.map((Text) => ({ Text })),
        ),
      ).pipe(Effect.provide(CanonicalForms.layerNoDeps.pipe(Layer.provide(Layer.succeed(PluginCoordinator, counted)))))
      assert.deepEqual(
        forms,
        texts.map((text) => ({ Text: text.toLowerCase() })),
      )
      assert.strictEqual(requests, 3)
    }).pipe(Effect.provide(PluginCoordinator.layerInProcess([plugin]))),
  )
})
