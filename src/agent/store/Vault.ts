/**
 * Keeps what must be kept and must not be read: secrets of an operation that
 * is under way. They are encrypted (AES-256-GCM) under a key that lies beside
 * the store, in a file for its owner alone, and never in it. What need only be
 * known again is kept as a MAC under a key that is derived from that one.
 */
import * as Context from "effect/Context"
import * as Aead from "effect/crypto/Aead"
import * as Kdf from "effect/crypto/Kdf"
import * as Mac from "effect/crypto/Mac"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import { syncFolder } from "./DurableFolder.ts"

/** What was locked can not be had back, or nothing can be locked. */
export class VaultUnavailable extends Schema.TaggedError<VaultUnavailable>("formae/agent/store/VaultUnavailable")(
  "VaultUnavailable",
  { reason: Schema.String, wayOut: Schema.optionalKey(Schema.String) },
) {
  override get message(): string {
    return `The secrets of the journal can not be used: ${this.reason}. ${this.wayOut ?? "Put the key back, or apply the document again: it has the secrets"}`
  }
}

const algorithm = Aead.aes256Gcm
const encoder = new TextEncoder()
/** Keeps the keys of MACs apart from all others that are ever derived. */
const macPurpose = encoder.encode("formae seal")
const macKeyLength = 32
const decoder = new TextDecoder()

/** Where the key is: found, or made by the first who locks something. */
interface KeyStore {
  readonly find: Effect.Effect<Uint8Array | undefined, VaultUnavailable>
  /** Gives the key that is kept then: another one may have been quicker. */
  readonly keep: (key: Uint8Array) => Effect.Effect<Uint8Array, VaultUnavailable>
  /** For the error, where the key is not there. */
  readonly name: string
}

export class Vault extends Context.Service<
  Vault,
  {
    readonly lock: (text: string) => Effect.Effect<string, VaultUnavailable>
    readonly open: (locked: string) => Effect.Effect<string, VaultUnavailable>
    /** The MAC of `bytes`: whoever has it without the key can not try what they might be. */
    readonly mac: (salt: Uint8Array, bytes: Uint8Array) => Effect.Effect<Uint8Array, VaultUnavailable>
    /** Whether a MAC is that of `bytes`. Under a key that is missing or another one, none is. */
    readonly fits: (mac: Uint8Array, salt: Uint8Array, bytes: Uint8Array) => Effect.Effect<boolean>
  }
>()("formae/agent/store/Vault") {
  private static readonly layerKeyed = <R>(keyStore: Effect.Effect<KeyStore, never, R>) =>
    Layer.effect(
      Vault,
      Effect.gen(function* () {
        const { find, keep, name } = yield* keyStore
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
                  wayOut: "Put the key back, or move it away and apply the document again: it has the secrets",
                }),
            ),
          )
        const macKey = (secret: Uint8Array, salt: Uint8Array) =>
          Effect.flatMap(
            kdf.derive(Kdf.hkdfSha256, secret, { salt, info: macPurpose, length: macKeyLength }),
            (derived) => Mac.key(Mac.hmacSha256, derived),
          )

        const made = yield* Effect.cached(
          Effect.gen(function* () {
            const found = yield* find
            if (found !== undefined) return yield* asKey(found)
            const fresh = yield* Effect.orDie(random.randomBytes(algorithm.keyLength))
            return yield* asKey(yield* keep(fresh))
          }),
        )
        const present = Effect.flatMap(find, (bytes) =>
          bytes === undefined ? Effect.fail(new VaultUnavailable({ reason: `${name} is missing` })) : asKey(bytes),
        )

        return Vault.of({
          lock: Effect.fnUntraced(function* (text) {
            const { key } = yield* made
            const nonce = yield* Effect.orDie(random.randomBytes(algorithm.nonceLength))
            const sealed = yield* Effect.orDie(aead.encrypt(key, encoder.encode(text), { nonce }))
            return `${Base64.encode(nonce)}.${Base64.encode(sealed)}`
          }),
          open: Effect.fnUntraced(function* (locked) {
            const { key } = yield* present
            const [nonce, sealed] = locked.split(".").map(Base64.decode)
            if (nonce?._tag !== "Success" || sealed?._tag !== "Success") {
              return yield* new VaultUnavailable({ reason: "what was kept is damaged" })
            }
            const bytes = yield* Effect.mapError(
              aead.decrypt(key, sealed.success, { nonce: nonce.success }),
              () => new VaultUnavailable({ reason: `${name} is not the key that they were locked with` }),
            )
            return decoder.decode(bytes)
          }),
          mac: Effect.fnUntraced(function* (salt, bytes) {
            const secret = yield* made
            const key = yield* Effect.orDie(macKey(secret.bytes, salt))
            return yield* Effect.orDie(macs.sign(key, bytes))
          }),
          fits: (mac, salt, bytes) =>
            present.pipe(
              Effect.flatMap((secret) => macKey(secret.bytes, salt)),
              Effect.flatMap((key) => macs.verify(key, mac, bytes)),
              Effect.orElseSucceed(() => false),
            ),
        })
      }),
    ).pipe(
      Layer.provide([
        Layer.merge(Aead.layerWebCrypto, Mac.layerWebCrypto).pipe(Layer.provide(SecureRandom.layerWebCrypto)),
        Kdf.layerWebCrypto,
        SecureRandom.layerWebCrypto,
      ]),
    )

  /** The key lives as long as the layer: for stores that do, too. */
  static readonly layerMemory: Layer.Layer<Vault> = Vault.layerKeyed(
    Effect.sync(() => {
      let kept: Uint8Array | undefined
      return {
        name: "the key in memory",
        find: Effect.sync(() => kept),
        keep: (key) => Effect.sync(() => (kept = key)),
      }
    }),
  )

  /** The key is in `file`, which is made when it is first needed. */
  static readonly layerFile = (file: string): Layer.Layer<Vault, never, FileSystem.FileSystem | Path.Path> =>
    Vault.layerKeyed(keyFile(file))
}

const keyFile = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<KeyStore, never, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const find = fs.readFile(file).pipe(
    Effect.catchIf(
      ({ reason }) => reason._tag === "NotFound",
      () => Effect.undefined,
    ),
    Effect.mapError(
      ({ message }) => new VaultUnavailable({ reason: message, wayOut: "See that this user may read it" }),
    ),
  )

  /** Whole, or not there: half a key would be in the way of every command to come. */
  const keep = Effect.fnUntraced(function* (key: Uint8Array) {
    const folder = path.dirname(path.resolve(file))
    const begun = path.join(yield* fs.makeTempDirectoryScoped({ directory: folder, prefix: "formae-key-" }), "key")
    const open = yield* fs.open(begun, { flag: "wx", mode: 0o600 })
    yield* open.writeAll(key)
    yield* open.sync
    yield* fs.link(begun, file).pipe(
      Effect.catchIf(
        ({ reason }) => reason._tag === "AlreadyExists",
        () => Effect.void,
      ),
      // Not every file system has links.
      Effect.catch(() => fs.rename(begun, file)),
    )
    // On the disk before anything is locked with it.
    yield* syncFolder(fs, folder)
    return yield* fs.readFile(file)
  }, Effect.scoped)

  return {
    name: `the key file ${file}`,
    find,
    keep: (key) =>
      Effect.mapError(
        keep(key),
        ({ message }) =>
          new VaultUnavailable({
            reason: `the key file ${file} can not be written: ${message}`,
            wayOut:
              "Nothing was locked with it. See that its folder has room and can be written, and run the same command again",
          }),
      ),
  }
})
