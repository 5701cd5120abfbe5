import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ResourceReader } from "../../../src/agent/operations/ResourceReader.ts"
import { TargetConfigs } from "../../../src/agent/secrets/TargetConfigs.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { thing } from "../plan/capabilities.ts"
import { nativeId } from "./scripted.ts"

/** A plugin that quotes the key of its target when it refuses. */
const layerQuoting = (targetSecrets: ReadonlyArray<string>, knowsType = true) =>
  ResourceReader.layerNoDeps.pipe(
    Layer.provide(TargetConfigs.layerNoDeps),
    Layer.provide(Vault.layerMemory),
    Layer.provide(
      Layer.mock(PluginCoordinator)({
        capabilities: () => Effect.succeed(new Map(knowsType ? [[thing.type, { ...thing, targetSecrets }]] : [])),
        operator: () =>
          Effect.succeed(
            PluginOperator.of({
              perform: () =>
                Effect.succeed({
                  status: "Failed",
                  attempts: 1,
                  failure: { code: "AccessDenied", message: "key canary-key is not allowed in branch main" },
                }),
              list: () => Effect.die("lists nothing"),
              recover: () => Effect.die("recovers nothing"),
              canonicalize: () => Effect.die("has no canonical forms"),
              identify: () => Effect.die("identifies nothing"),
            }),
          ),
      }),
    ),
  )

const read = Effect.flatMap(ResourceReader, (reader) =>
  Effect.flip(
    reader.read({ forma: "f", label: "a", type: thing.type, nativeId }, { branch: "main", key: "canary-key" }),
  ),
)

describe("P11: the message of a read that fails", () => {
  it.effect("shows no secret of the target, and leaves the rest", () =>
    Effect.gen(function* () {
      const { message } = yield* read
      assert.notInclude(message, "canary-key")
      assert.include(message, "is not allowed in branch main")
    }).pipe(Effect.provide(layerQuoting(["key"]))),
  )

  it.effect("shows nothing of the target of a type that its plugin does not know any more", () =>
    Effect.gen(function* () {
      const { message } = yield* read
      assert.notInclude(message, "canary-key")
      assert.notInclude(message, "main")
    }).pipe(Effect.provide(layerQuoting([], false))),
  )
})
