import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { makeResourceLister } from "../../../src/agent/operations/ResourceLister.ts"
import { TargetConfigs } from "../../../src/agent/secrets/TargetConfigs.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { ListFailed } from "../../../src/protocol/PluginRpcs.ts"
import { thing } from "../plan/capabilities.ts"

/** A plugin that quotes the key of its target when it refuses to list. */
const layerQuoting = Layer.mergeAll(
  TargetConfigs.layerNoDeps.pipe(Layer.provide(Vault.layerMemory)),
  Layer.mock(PluginCoordinator)({
    capabilities: () => Effect.succeed(new Map([[thing.type, { ...thing, targetSecrets: ["key"] }]])),
    operator: () =>
      Effect.succeed(
        PluginOperator.of({
          list: () =>
            Effect.fail(new ListFailed({ failure: { code: "AccessDenied", message: "canary-key may not list main" } })),
          perform: () => Effect.die("performs nothing"),
          recover: () => Effect.die("recovers nothing"),
          canonicalize: () => Effect.die("has no canonical forms"),
          identify: () => Effect.die("identifies nothing"),
        }),
      ),
  }),
)

describe("P11: the message of a list that fails", () => {
  it.effect("shows no secret of the target, and leaves the rest", () =>
    Effect.gen(function* () {
      const list = yield* makeResourceLister
      const failure = yield* Effect.flip(Stream.runDrain(list(thing.type, { branch: "main", key: "canary-key" })))
      assert.notInclude(failure.message, "canary-key")
      assert.include(failure.message, "may not list main")
    }).pipe(Effect.provide(layerQuoting)),
  )
})
