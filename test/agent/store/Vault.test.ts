import { assert, describe, it } from "@effect/vitest"
import { createHmac } from "node:crypto"
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const secret = 'hunter2 "quoted" ü\n'

/** The vault as a new process opens it. */
const openVault = (file: string) =>
  Layer.build(Layer.fresh(Vault.layerFile(file)).pipe(Layer.provide(NodeServices.layer))).pipe(
    Effect.map(Context.get(Vault)),
  )

const keyFile = Effect.map(temporaryFolder, (folder) => join(folder, "state.db.key"))

describe("a vault", () => {
  it.effect("opens what was locked in it, in the next process too", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const vault = yield* openVault(file)
      for (const text of [secret, ""]) {
        const locked = yield* vault.lock(text)
        assert.strictEqual(yield* vault.open(locked), text)
        assert.strictEqual(yield* (yield* openVault(file)).open(locked), text)
      }
    }),
  )

  it.effect("locks the same text differently each time, and shows nothing of it", () =>
    Effect.gen(function* () {
      const vault = yield* openVault(yield* keyFile)
      const locked = yield* Effect.forEach(Array.from({ length: 20 }), () => vault.lock(secret))
      assert.strictEqual(new Set(locked).size, 20)
      for (const text of locked) {
        const bytes = text
          .split(".")
          .map((part) => Buffer.from(part, "base64").toString("latin1"))
          .join("")
        assert.notInclude(text + bytes, "hunter2")
      }
    }),
  )

  it.effect("makes its key once, when it is first needed, readable by its owner alone", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const vault = yield* openVault(file)
      assert.isFalse(existsSync(file))
      yield* vault.lock(secret)
      const key = readFileSync(file)
      assert.lengthOf(key, 32)
      assert.strictEqual(statSync(file).mode & 0o777, 0o600)
      yield* vault.lock(secret)
      yield* (yield* openVault(file)).lock(secret)
      assert.deepEqual(readFileSync(file), key)
    }),
  )

  it.effect("makes one key where many fibers lock at once", () =>
    Effect.gen(function* () {
      const vault = yield* openVault(yield* keyFile)
      const texts = ["a", "b", "c", "d"]
      const locked = yield* Effect.forEach(texts, vault.lock, { concurrency: "unbounded" })
      assert.deepEqual(yield* Effect.forEach(locked, vault.open), texts)
    }),
  )

  it.effect("in memory does the same, and its key is in no file", () =>
    Effect.gen(function* () {
      const vault = Context.get(yield* Layer.build(Vault.layerMemory), Vault)
      const locked = yield* vault.lock(secret)
      assert.notInclude(locked, "hunter2")
      assert.strictEqual(yield* vault.open(locked), secret)
      const other = Context.get(yield* Layer.build(Layer.fresh(Vault.layerMemory)), Vault)
      assert.strictEqual((yield* Effect.flip(other.open(locked)))._tag, "VaultUnavailable")
    }),
  )
})

describe("a mac of the vault", () => {
  const salt = new Uint8Array(16).fill(3)
  const bytes = new TextEncoder().encode(secret)

  it.effect("fits the bytes it was made of, in the next process too", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const mac = yield* (yield* openVault(file)).mac(salt, bytes)
      const vault = yield* openVault(file)
      assert.isTrue(yield* vault.fits(mac, salt, bytes))
      assert.isFalse(yield* vault.fits(mac, salt, bytes.subarray(1)))
      assert.isFalse(yield* vault.fits(mac, salt.subarray(1), bytes))
      assert.isFalse(yield* vault.fits(mac.subarray(1), salt, bytes))
    }),
  )

  it.effect("differs with the salt and the key, and is not made with the key itself", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const vault = yield* openVault(file)
      const other = yield* openVault(yield* keyFile)
      const macs = yield* Effect.all([
        vault.mac(salt, bytes),
        vault.mac(new Uint8Array(16), bytes),
        other.mac(salt, bytes),
      ])
      const key = readFileSync(file)
      const plain = createHmac("sha256", key).update(bytes).digest()
      const salted = createHmac("sha256", key).update(salt).update(bytes).digest()
      assert.strictEqual(new Set([...macs, plain, salted].map((one) => Buffer.from(one).toString("hex"))).size, 5)
      assert.isFalse(yield* other.fits(macs[0], salt, bytes))
    }),
  )

  it.effect("makes the key if there is none, but checking one makes no key", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const vault = yield* openVault(file)
      assert.isFalse(yield* vault.fits(new Uint8Array(32), salt, bytes))
      assert.isFalse(existsSync(file))
      const mac = yield* vault.mac(salt, bytes)
      assert.lengthOf(readFileSync(file), 32)
      assert.isTrue(yield* vault.fits(mac, salt, bytes))
      // One key for both.
      assert.strictEqual(yield* vault.open(yield* (yield* openVault(file)).lock(secret)), secret)
    }),
  )
})

describe("a key file", () => {
  const broken = (breakIt: (file: string) => void) =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const locked = yield* (yield* openVault(file)).lock(secret)
      breakIt(file)
      const vault = yield* openVault(file)
      const error = yield* Effect.flip(vault.open(locked))
      assert.strictEqual(error._tag, "VaultUnavailable")
      assert.include(error.message, file)
      assert.notInclude(error.message, "hunter2")
      return { file, error, vault }
    })

  it.effect("that is missing is reported as missing, and is not made by opening", () =>
    Effect.gen(function* () {
      const file = yield* keyFile
      const vault = yield* openVault(file)
      const error = yield* Effect.flip(vault.open("AAAA.AAAA"))
      assert.include(error.message, `the key file ${file} is missing`)
      assert.isFalse(existsSync(file))
    }),
  )

  it.effect("with another key is reported as wrong", () =>
    Effect.gen(function* () {
      const { error } = yield* broken((file) => writeFileSync(file, Buffer.alloc(32, 7)))
      assert.include(error.message, "is not the key that they were encrypted with")
    }),
  )

  it.effect.each([
    ["empty", 0],
    ["too short", 31],
    ["too long", 33],
  ] as const)("that is damaged (%s) holds no key for opening or locking, and is not changed", ([, length]) =>
    Effect.gen(function* () {
      const { error, file, vault } = yield* broken((file) => writeFileSync(file, Buffer.alloc(length, 7)))
      assert.include(error.message, "does not hold a key")
      assert.include((yield* Effect.flip(vault.lock(secret))).message, "does not hold a key")
      const some = new Uint8Array(16)
      assert.include((yield* Effect.flip(vault.mac(some, some))).message, "does not hold a key")
      assert.isFalse(yield* vault.fits(new Uint8Array(32), some, some))
      assert.lengthOf(readFileSync(file), length)
    }),
  )
})

describe("a locked text", () => {
  it.effect("that is damaged is recognized, and never opened in part", () =>
    Effect.gen(function* () {
      const vault = yield* openVault(yield* keyFile)
      const locked = yield* vault.lock(secret)
      const [nonce = "", sealed = ""] = locked.split(".")
      const other = sealed.startsWith("A") ? `B${sealed.slice(1)}` : `A${sealed.slice(1)}`
      for (const damaged of [
        "",
        ".",
        nonce,
        `${nonce}.`,
        `${nonce}.${other}`,
        `${nonce}.${sealed.slice(0, -4)}`,
        `?.${sealed}`,
        `AAAA.${sealed}`,
      ]) {
        const exit = yield* Effect.exit(vault.open(damaged))
        assert.strictEqual(exit._tag, "Failure", damaged)
        assert.strictEqual((yield* Effect.flip(vault.open(damaged)))._tag, "VaultUnavailable", damaged)
      }
    }),
  )
})
