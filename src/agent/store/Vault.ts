/**
 * Encrypts the secrets of operations under way (AES-256-GCM), so that they can
 * be stored. The key is in a file of its own next to the store, readable by its
 * owner alone. A secret that only has to be recognized is stored as a MAC under
 * a key that is derived from that key.
 */
import * as Context from "effect/Context"
import * as Aead from "effect/crypto/Aead"
import * as Kdf from "effect/crypto/Kdf"
import * as Mac from "effect/crypto/Mac"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import { keyFile, type KeyStore } from "./KeyFile.ts"
import { VaultUnavailable } from "./VaultUnavailable.ts"

export { VaultUnavailable }

/**
 * Locks secrets, so that they can be stored, and opens them again.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Redacted from "effect/Redacted"
 * import { Vault } from "formae/agent"
 *
 * const lockAndOpen = Effect.gen(function* () {
 *   const vault = yield* Vault
 *   const locked = yield* vault.lock("a secret")
 *   return yield* vault.open(locked)
 * }).pipe(Effect.provide(Vault.layerKey(Redacted.make(new Uint8Array(32)))))
 * ```
 */
export class Vault extends Context.Service<
  Vault,
  {
    /**
     * Encrypts a text. The first call of all makes the key. Fails with
     * `VaultUnavailable` where the key cannot be read or made.
     */
    readonly lock: (text: string) => Effect.Effect<string, VaultUnavailable>
    /**
     * Decrypts what `lock` gave. Fails with `VaultUnavailable` where the key is
     * missing or wrong, or where what was locked is damaged. What was locked before
     * the key was changed is opened too.
     */
    readonly open: (locked: string) => Effect.Effect<string, VaultUnavailable>
    /** The same, but for what was locked before the key was changed: for what comes from outside of the store. */
    readonly openNewest: (locked: string) => Effect.Effect<string, VaultUnavailable>
    /**
     * The MAC of `bytes`. Without the key, nobody can find out the bytes by
     * guessing. Makes the key, and fails, as `lock` does.
     */
    readonly mac: (salt: Uint8Array, bytes: Uint8Array) => Effect.Effect<Uint8Array, VaultUnavailable>
    /** Whether `mac` is the MAC of `bytes`. False where the key is missing or wrong. */
    readonly fits: (mac: Uint8Array, salt: Uint8Array, bytes: Uint8Array) => Effect.Effect<boolean>
  }
>()("formae/agent/store/Vault") {
  private static readonly layerKeyStore = <R>(keyStore: Effect.Effect<KeyStore, never, R>) =>
    Layer.effect(
      Vault,
      Effect.gen(function* () {
        const { find, keep, name, others } = yield* keyStore
        const aead = yield* Aead.Aead
        const kdf = yield* Kdf.Kdf
        const macs = yield* Mac.Mac
        const random = yield* SecureRandom.SecureRandom
        const asKey = (bytes: Uint8Array) =>
          Aead.key(algorithm, bytes).pipe(
            Effect.map((key) => ({ key, bytes })),
            Effect.mapError(
              () =>
                new VaultUnavailable({
                  reason: `${name} does not hold a key`,
                  remedy: "Restore the key, or move it away and apply the document again: it has the secrets",
                }),
            ),
          )
        const macKey = (secret: Uint8Array, salt: Uint8Array) =>
          Effect.flatMap(
            kdf.derive(Kdf.hkdfSha256, secret, { salt, info: macPurpose, length: macKeyLength }),
            (derived) => Mac.key(Mac.hmacSha256, derived),
          )

        // Looked for each time: another process may have changed it.
        const ensureKey = Effect.gen(function* () {
          const found = yield* find
          if (found !== undefined) return yield* asKey(found)
          const fresh = yield* Effect.orDie(random.randomBytes(algorithm.keyLength))
          return yield* asKey(yield* keep(fresh))
        })
        const requireKey = Effect.flatMap(find, (bytes) =>
          bytes === undefined ? Effect.fail(new VaultUnavailable({ reason: `${name} is missing` })) : asKey(bytes),
        )

        const open = (more: Effect.Effect<ReadonlyArray<Uint8Array>>) =>
          Effect.fnUntraced(function* (locked: string) {
            const { key } = yield* requireKey
            const decrypt = yield* decrypting(aead, locked)
            const others = Effect.flatMap(more, (keys) =>
              firstSuccess(keys.map((bytes) => Effect.flatMap(asKey(bytes), (one) => decrypt(one.key)))),
            )
            return yield* Effect.mapError(
              Effect.catch(decrypt(key), () => others),
              () => new VaultUnavailable({ reason: `${name} is not the key that they were encrypted with` }),
            )
          })

        return Vault.of({
          lock: Effect.fnUntraced(function* (text) {
            const { key } = yield* ensureKey
            const nonce = yield* Effect.orDie(random.randomBytes(algorithm.nonceLength))
            const sealed = yield* Effect.orDie(aead.encrypt(key, encoder.encode(text), { nonce }))
            return `${Base64.encode(nonce)}.${Base64.encode(sealed)}`
          }),
          open: open(others),
          openNewest: open(Effect.succeed([])),
          mac: Effect.fnUntraced(function* (salt, bytes) {
            const secret = yield* ensureKey
            const key = yield* Effect.orDie(macKey(secret.bytes, salt))
            return yield* Effect.orDie(macs.sign(key, bytes))
          }),
          fits: Effect.fnUntraced(function* (mac, salt, bytes) {
            const verify = (secret: Uint8Array) =>
              Effect.flatMap(macKey(secret, salt), (key) => macs.verify(key, mac, bytes)).pipe(
                Effect.orElseSucceed(() => false),
              )
            const current = yield* Effect.option(requireKey)
            if (current._tag === "None") return false
            if (yield* verify(current.value.bytes)) return true
            for (const one of yield* others) if (yield* verify(one)) return true
            return false
          }),
        })
      }),
    ).pipe(
      Layer.provide([
        Layer.merge(Aead.layerWebCrypto, Mac.layerWebCrypto).pipe(Layer.provide(SecureRandom.layerWebCrypto)),
        Kdf.layerWebCrypto,
        SecureRandom.layerWebCrypto,
      ]),
    )

  /** The key is in memory, and is gone when the layer is released: for a store in memory. */
  static readonly layerMemory: Layer.Layer<Vault> = Vault.layerKeyStore(
    Effect.sync(() => {
      let kept: Uint8Array | undefined
      return {
        name: "the key in memory",
        find: Effect.sync(() => kept),
        others: Effect.succeed([]),
        keep: (key) => Effect.sync(() => (kept = key)),
      }
    }),
  )

  /**
   * The host has the key: 32 random bytes that it keeps apart from the store,
   * and gives again each time. With another key, what was locked cannot be
   * opened, and every call for it fails with `VaultUnavailable`.
   */
  static readonly layerKey = (key: Redacted.Redacted<Uint8Array>): Layer.Layer<Vault> =>
    Vault.layerKeyStore(
      Effect.succeed({
        name: "the key of the host",
        find: Effect.succeed(Redacted.value(key)),
        others: Effect.succeed([]),
        keep: () => Effect.succeed(Redacted.value(key)),
      }),
    )

  /** The key is in `file`, which is made when it is first needed. */
  static readonly layerFile = (file: string): Layer.Layer<Vault, never, FileSystem.FileSystem | Path.Path> =>
    Vault.layerKeyStore(keyFile(file))
}

/** Opens what `lock` gave, with a key. */
const decrypting = Effect.fnUntraced(function* (aead: Aead.Aead["Service"], locked: string) {
  const [nonce, sealed] = locked.split(".").map(Base64.decode)
  if (nonce?._tag !== "Success" || sealed?._tag !== "Success") {
    return yield* new VaultUnavailable({ reason: "what was stored is damaged" })
  }
  return (key: Aead.Key) =>
    Effect.map(aead.decrypt(key, sealed.success, { nonce: nonce.success }), (bytes) => decoder.decode(bytes))
})

/** What the first of several gives that succeeds. */
const firstSuccess = <A, E>(some: ReadonlyArray<Effect.Effect<A, E>>): Effect.Effect<A, E | undefined> =>
  some.reduceRight<Effect.Effect<A, E | undefined>>(
    (rest, one) => Effect.catch(one, () => rest),
    Effect.fail(undefined),
  )

const algorithm = Aead.aes256Gcm
const encoder = new TextEncoder()
const decoder = new TextDecoder()
/** Separates the keys of MACs from any other keys that may be derived. */
const macPurpose = encoder.encode("formae seal")
const macKeyLength = 32
