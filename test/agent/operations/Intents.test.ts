import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Intent, Intents } from "../../../src/agent/operations/Intents.ts"
import { Seals } from "../../../src/agent/secrets/Seals.ts"
import { TargetConfigs } from "../../../src/agent/secrets/TargetConfigs.ts"
import { Vault, VaultUnavailable } from "../../../src/agent/store/Vault.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { thing } from "../plan/capabilities.ts"
import { entryOf } from "./scripted.ts"

const layer = Intents.layerNoDeps.pipe(
  Layer.provide([Seals.layerNoDeps, TargetConfigs.layerNoDeps]),
  Layer.provide(Vault.layerMemory),
)

const { commandId, dependsOn, forma, kind, label, nativeId, place, target, targetConfig, type } = entryOf({
  dependsOn: ["other"],
})
const intent: Intent = { commandId, dependsOn, forma, kind, label, nativeId, place, target, targetConfig, type }

const properties: Properties = {
  Name: "a",
  Size: 1,
  Hint: "hunter1",
  Secret: { deep: ["hunter2"] },
  Password: 'hunter3 "quoted"',
}

describe("an intent", () => {
  it.effect("is stored without its secrets, and returns them", () =>
    Effect.gen(function* () {
      const intents = yield* Intents
      const entry = yield* intents.makeEntry(intent, thing, properties)
      assert.deepInclude(entry, { ...intent, sent: 1, status: "InProgress", closed: false, requestId: null })
      assert.deepInclude(entry.desired, { Name: "a", Size: 1 })
      assert.notInclude(JSON.stringify(entry), "hunter")
      assert.deepEqual(yield* intents.propertiesOf(entry, {}), properties)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("without secrets needs no vault", () =>
    Effect.gen(function* () {
      const intents = yield* Intents
      const entry = yield* intents.makeEntry(intent, thing, { Name: "a" })
      assert.deepInclude(entry, { desired: { Name: "a" }, secrets: null })
      assert.deepEqual(yield* intents.propertiesOf(entry, {}), { Name: "a" })
    }).pipe(
      Effect.provide(
        Intents.layerNoDeps.pipe(
          Layer.provide([Seals.layerNoDeps, TargetConfigs.layerNoDeps]),
          Layer.provide(Layer.mock(Vault)({})),
        ),
      ),
    ),
  )

  it.effect("of a delete wants nothing", () =>
    Effect.gen(function* () {
      const intents = yield* Intents
      assert.deepInclude(yield* intents.makeEntry({ ...intent, kind: "Delete" }, undefined), {
        desired: {},
        secrets: null,
      })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("has an operation id of its own", () =>
    Effect.gen(function* () {
      const intents = yield* Intents
      const made = yield* Effect.forEach(Array.from({ length: 10 }), () => intents.makeEntry(intent, undefined))
      const ids = made.map(({ operationId }) => operationId)
      assert.strictEqual(new Set(ids).size, 10)
    }).pipe(Effect.provide(layer)),
  )
})

describe("an intent whose secrets cannot be unlocked", () => {
  it.effect("cannot be opened, and the error does not show them (another key)", () =>
    Effect.gen(function* () {
      const entry = yield* Effect.provide(
        Effect.flatMap(Intents, (intents) => intents.makeEntry(intent, thing, properties)),
        Layer.fresh(layer),
      )
      const error = yield* Effect.flip(Effect.flatMap(Intents, (intents) => intents.propertiesOf(entry, {})))
      assert.strictEqual(error._tag, "VaultUnavailable")
      assert.notInclude(error.message, "hunter")
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is not opened by candidates under another key, because no seal fits", () =>
    Effect.gen(function* () {
      const intents = yield* Intents
      const entry = yield* Effect.provide(
        Effect.flatMap(Intents, (other) => other.makeEntry(intent, thing, properties)),
        Layer.fresh(layer),
      )
      assert.strictEqual((yield* Effect.flip(intents.propertiesOf(entry, properties)))._tag, "VaultUnavailable")
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is opened by candidates that fit, if only the locked secrets are damaged", () =>
    Effect.gen(function* () {
      const intents = yield* Intents
      const entry = { ...(yield* intents.makeEntry(intent, thing, properties)), secrets: "damaged" }
      assert.deepEqual(yield* intents.propertiesOf(entry, properties), properties)
      for (const known of [{ ...properties, Password: "another" }, { Secret: properties["Secret"] ?? null }]) {
        assert.strictEqual((yield* Effect.flip(intents.propertiesOf(entry, known)))._tag, "VaultUnavailable")
      }
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is not made if the vault cannot be used", () =>
    Effect.gen(function* () {
      const intents = yield* Intents
      const error = yield* Effect.flip(intents.makeEntry(intent, thing, properties))
      assert.strictEqual(error.reason, "no room")
    }).pipe(
      Effect.provide(
        Intents.layerNoDeps.pipe(
          Layer.provide([Seals.layerNoDeps, TargetConfigs.layerNoDeps]),
          Layer.provide(Layer.mock(Vault)({ mac: () => Effect.fail(new VaultUnavailable({ reason: "no room" })) })),
        ),
      ),
    ),
  )
})
