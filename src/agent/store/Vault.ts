/**
 * Keeps what must be kept and must not be read: secrets of an operation that
 * is under way. They are encrypted (AES-256-GCM) under a key that lies beside
 * the store, in a file for its owner alone, and never in it.
 */
import * as Context from "effect/Context"
import * as Aead from "effect/crypto/Aead"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

/** What was locked can not be had back, or nothing can be locked. */
export class VaultUnavailable extends Schema.TaggedError<VaultUnavailable>("formae/agent/store/VaultUnavailable")(
  "VaultUnavailable",
  { reason: Schema.String },
) {
  override get message(): string {
    return `The secrets of the journal can not be used: ${this.reason}. Apply the document again: it has them`
  }
}

const algorithm = Aead.aes256Gcm
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Where the key is: found, or made by the first who locks something. */
interface KeyStore {
  readonly find: Effect.Effect<Uint8Array | undefined, VaultUnavailable>
  readonly keep: (key: Uint8Array) => Effect.Effect<void, VaultUnavailable>
  /** For the error, where the key is not there. */
  readonly name: string
}

export class Vault extends Context.Service<
  Vault,
  {
    readonly lock: (text: string) => Effect.Effect<string, VaultUnavailable>
    readonly open: (locked: string) => Effect.Effect<string, VaultUnavailable>
  }
>()("formae/agent/store/Vault") {
  private static readonly layerKeyed = <R>(keyStore: Effect.Effect<KeyStore, never, R>) =>
    Layer.effect(
      Vault,
      Effect.gen(function* () {
        const { find, keep, name } = yield* keyStore
        const aead = yield* Aead.Aead
        const random = yield* SecureRandom.SecureRandom
        const asKey = (bytes: Uint8Array) =>
          Effect.mapError(
            Aead.key(algorithm, bytes),
            () => new VaultUnavailable({ reason: `${name} does not hold a key` }),
          )

        const made = yield* Effect.cached(
          Effect.gen(function* () {
            const found = yield* find
            if (found !== undefined) return yield* asKey(found)
            const fresh = yield* Effect.orDie(random.randomBytes(algorithm.keyLength))
            yield* keep(fresh)
            return yield* asKey(fresh)
          }),
        )
        const present = Effect.flatMap(find, (bytes) =>
          bytes === undefined ? Effect.fail(new VaultUnavailable({ reason: `${name} is missing` })) : asKey(bytes),
        )

        return Vault.of({
          lock: Effect.fnUntraced(function* (text) {
            const key = yield* made
            const nonce = yield* Effect.orDie(random.randomBytes(algorithm.nonceLength))
            const sealed = yield* Effect.orDie(aead.encrypt(key, encoder.encode(text), { nonce }))
            return `${Base64.encode(nonce)}.${Base64.encode(sealed)}`
          }),
          open: Effect.fnUntraced(function* (locked) {
            const key = yield* present
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
        })
      }),
    ).pipe(
      Layer.provide([
        Aead.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto)),
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
        keep: (key) => Effect.sync(() => void (kept = key)),
      }
    }),
  )

  /** The key is in `file`, which is made when it is first needed. */
  static readonly layerFile = (file: string): Layer.Layer<Vault, never, FileSystem.FileSystem> =>
    Vault.layerKeyed(
      Effect.map(FileSystem.FileSystem, (fs) => ({
        name: `the key file ${file}`,
        find: fs.readFile(file).pipe(
          Effect.catchIf(
            ({ reason }) => reason._tag === "NotFound",
            () => Effect.undefined,
          ),
          Effect.mapError(({ message }) => new VaultUnavailable({ reason: message })),
        ),
        // On the disk before anything is locked with it.
        keep: (key) =>
          Effect.scoped(
            Effect.gen(function* () {
              const open = yield* fs.open(file, { flag: "wx", mode: 0o600 })
              yield* open.writeAll(key)
              yield* open.sync
            }),
          ).pipe(Effect.mapError(({ message }) => new VaultUnavailable({ reason: message }))),
      })),
    )
}
