import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { Namespace, OperationId } from "../../../src/protocol/Identity.ts"

const broken = {
  name: "broken",
  namespace: Namespace.make("Broken"),
  version: "1.0.0",
  types: [],
  launch: () => Effect.die(new Error("its layer threw")),
}

describe("a plugin that throws while it is launched", () => {
  it.effect("fails its callers, each time it is started", () =>
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const request = {
        namespace: "Broken",
        resourceUri: "forma/label",
        operation: "Read",
        operationId: OperationId.make("op"),
      } as const
      for (const generation of [1, 2]) {
        const error = yield* Effect.flip(coordinator.operator(request))
        assert.strictEqual(error._tag, "PluginStartFailed")
        assert.include(error.message, "its layer threw")
        assert.deepInclude(error, { cause: { _tag: "Defect", message: "its layer threw" } })
        assert.strictEqual(error._tag === "PluginStartFailed" && error.generation, generation)
      }
    }).pipe(Effect.provide(PluginCoordinator.layerInProcess([broken]))),
  )
})
