import { assert, describe, it } from "@effect/vitest"
import { createHmac } from "node:crypto"
import { existsSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type SealedProperties, Seals, withoutSecrets } from "../../../src/agent/secrets/Seals.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { thing } from "../plan/capabilities.ts"
import { temporaryFolder } from "../store/temporaryFolder.ts"
import { guessed } from "./guessed.ts"

const layer = Seals.layerNoDeps.pipe(Layer.provide(Vault.layerMemory))

const canary = "canary-31c8"
const given = { Name: "a", Secret: canary, Password: { in: [canary] }, Hint: 1 }

describe("a seal", () => {
  it.effect("replaces a value that must not be stored, and contains nothing of it", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const kept = yield* seals.seal(given, thing)
      assert.deepEqual(Object.keys(kept), Object.keys(given))
      assert.strictEqual(kept["Name"], "a")
      const text = JSON.stringify(kept)
      assert.notInclude(text, canary)
      assert.notInclude(text, Buffer.from(canary).toString("base64").replaceAll("=", ""))
      assert.deepEqual(
        ["Secret", "Password", "Hint"].map((name) => Object.keys(kept[name] ?? {})),
        [["$sealed"], ["$sealed"], ["$sealed"]],
      )
    }).pipe(Effect.provide(layer)),
  )

  it.effect("opens for the same value, and for no other", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const kept = yield* seals.seal(given, thing)
      assert.deepEqual(yield* seals.open(kept, given), given)
      const others = { ...given, Secret: `${canary} `, Password: { in: [canary, canary] }, Hint: "1" }
      assert.deepEqual(yield* seals.open(kept, others), kept)
      assert.deepEqual(yield* seals.open(kept, {}), kept)
      assert.deepEqual(yield* seals.open(kept, { Hint: 1 }), { ...kept, Hint: 1 })
    }).pipe(Effect.provide(layer)),
  )

  it.effect("is different each time, so that equal secrets do not have equal seals", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const one = yield* seals.seal({ Secret: canary }, thing)
      const other = yield* seals.seal({ Secret: canary }, thing)
      assert.notDeepEqual(one, other)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("fits an object regardless of the order of its keys", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const kept = yield* seals.seal({ Secret: { user: "u", inner: [{ a: 1, b: 2 }] } }, thing)
      const same = { Secret: { inner: [{ b: 2, a: 1 }], user: "u" } }
      assert.deepEqual(yield* seals.open(kept, same), same)
    }).pipe(Effect.provide(layer)),
  )
})

/** Seals as a new process makes them, with the key in `file`. */
const openSeals = (file: string) =>
  Layer.build(
    Layer.fresh(Seals.layerNoDeps.pipe(Layer.provide(Vault.layerFile(file)), Layer.provide(NodeServices.layer))),
  ).pipe(Effect.map(Context.get(Seals)))

const keyFile = Effect.map(temporaryFolder, (folder) => join(folder, "state.db.key"))

/** A seal from before seals had a key: its HMAC has only the salt next to it. */
const unkeyed = (value: string) => {
  const salt = Buffer.alloc(16, 3)
  const hmac = createHmac("sha256", salt).update(JSON.stringify(value)).digest("base64")
  return { $sealed: { salt: salt.toString("base64"), hmac } }
}

describe("a seal and the key of the vault", () => {
  it.effect("open the secret together", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const kept = yield* (yield* openSeals(file)).seal(given, thing)
      assert.deepEqual(yield* (yield* openSeals(file)).open(kept, given), given)
    }),
  )

  it.effect("protect even a short secret from guessing without the key", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const kept = yield* seals.seal({ Secret: "4711" }, thing)
      assert.isUndefined(guessed(kept["Secret"]))
      // The guess would find it without a key.
      assert.strictEqual(guessed(unkeyed("4711")), "4711")
      assert.deepEqual(yield* seals.open(kept, { Secret: "4711" }), { Secret: "4711" })
    }).pipe(Effect.provide(layer)),
  )

  it.effect.each([
    ["is missing", (file: string) => rmSync(file)],
    ["is wrong", (file: string) => writeFileSync(file, Buffer.alloc(32, 7))],
    ["is damaged", (file: string) => writeFileSync(file, "half a key", { mode: 0o600 })],
  ] as const)("fit nothing if the key %s, but do not fail", ([what, breakIt]) =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const kept = yield* (yield* openSeals(file)).seal(given, thing)
      breakIt(file)
      assert.deepEqual(yield* (yield* openSeals(file)).open(kept, given), kept)
      // Opening a seal does not make a key.
      assert.strictEqual(existsSync(file), what !== "is missing")
    }),
  )

  it.effect("are not made if the vault cannot be used, and the error does not show the secret", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      writeFileSync(file, "half a key", { mode: 0o600 })
      const error = yield* Effect.flip((yield* openSeals(file)).seal(given, thing))
      assert.strictEqual(error._tag, "VaultUnavailable")
      assert.include(error.message, "does not hold a key")
      assert.notInclude(JSON.stringify(error) + error.message, canary)
    }),
  )

  it.effect("are not needed if there is no secret", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const kept = yield* seals.seal({ Name: "a", Size: 1 }, thing)
      assert.deepEqual(kept, { Name: "a", Size: 1 })
      assert.deepEqual(yield* seals.open(kept, kept), kept)
    }).pipe(Effect.provide(Seals.layerNoDeps.pipe(Layer.provide(Layer.mock(Vault)({}))))),
  )

  it.effect("fit nothing if the seal is damaged or from before seals had a key", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const { Secret } = yield* seals.seal({ Secret: canary }, thing)
      assert.nestedProperty(Secret, "$sealed.salt")
      const { $sealed } = Secret as { readonly $sealed: { readonly salt: string; readonly hmac: string } }
      const damaged: ReadonlyArray<SealedProperties> = [
        { Secret: unkeyed(canary) },
        { Secret: { $sealed: { ...$sealed, salt: "?" } } },
        { Secret: { $sealed: { ...$sealed, salt: "" } } },
        { Secret: { $sealed: { ...$sealed, hmac: "?" } } },
        { Secret: { $sealed: { ...$sealed, hmac: "" } } },
        { Secret: { $sealed: { ...$sealed, hmac: $sealed.hmac.slice(0, 8) } } },
      ]
      for (const kept of damaged) assert.deepEqual(yield* seals.open(kept, { Secret: canary }), kept)
    }).pipe(Effect.provide(layer)),
  )
})

describe("properties without secrets", () => {
  it("have no property that is secret or cannot be read", () => {
    assert.deepEqual(withoutSecrets({ ...given, Id: "i" }, thing), { Name: "a", Id: "i" })
  })
})
