/**
 * The secrets of encoded values. An encoded value may be read or stored by
 * others, so it has ids instead of secrets. The secrets are here, locked in the
 * vault.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { makeDiskRoom, WaitsForRoom } from "../store/DiskRoom.ts"
import { Vault, type VaultUnavailable } from "../store/Vault.ts"

/** What an encoded value has instead of a secret. */
export const SecretId = Schema.String.pipe(Schema.brand("formae/agent/secrets/SecretId"))
export type SecretId = typeof SecretId.Type

/** The state has no secret with this id: it is in another state, or has been deleted after 30 days. */
export class SecretMissing extends Schema.TaggedError<SecretMissing>("formae/agent/secrets/SecretMissing")(
  "SecretMissing",
  {
    /** The id that was looked for. */
    id: SecretId,
  },
) {
  override get message(): string {
    return `The state has no secret ${this.id}. Secrets of encoded values are kept for 30 days, in the state of the agent that encoded them`
  }
}

/**
 * Keeps the secrets of encoded values. What the codecs of `Change`,
 * `StepRequest` and `StepResult` need. Both methods fail with `SqlError` where
 * the state cannot be read or written, and with `VaultUnavailable` where the
 * vault has no key.
 */
export class SecretValues extends Context.Service<
  SecretValues,
  {
    /** Keeps a value for 30 days, and returns the id to find it by. */
    readonly keep: (value: Schema.Json) => Effect.Effect<SecretId, VaultUnavailable | SqlError>
    /** The value with this id. Fails with `SecretMissing` where there is none. */
    readonly find: (id: SecretId) => Effect.Effect<Schema.Json, SecretMissing | VaultUnavailable | SqlError>
  }
>()("formae/agent/secrets/SecretValues") {
  /** Keeps them in the store, locked in the vault. */
  static readonly layerNoDeps: Layer.Layer<SecretValues, never, SqlClient.SqlClient | Vault> = Layer.effect(
    SecretValues,
    Effect.gen(function* () {
      const random = yield* SecureRandom.SecureRandom
      const sql = yield* SqlClient.SqlClient
      const vault = yield* Vault
      const disk = makeDiskRoom(sql, yield* WaitsForRoom)
      return SecretValues.of({
        keep: Effect.fn("SecretValues.keep")(function* (value) {
          const id = SecretId.make(yield* random.uuidV7())
          const locked = yield* Effect.flatMap(Effect.orDie(encode(value)), vault.lock)
          const now = yield* Clock.currentTimeMillis
          yield* disk.whenRoom(
            Effect.gen(function* () {
              // What a clock that was ahead has written would be kept for as much longer: its time begins now.
              yield* sql`UPDATE secrets SET kept_at = ${now} WHERE kept_at > ${now}`
              yield* sql`DELETE FROM secrets WHERE kept_at < ${now - keptMillis}`
              yield* sql`INSERT INTO secrets (id, value, kept_at) VALUES (${id}, ${locked}, ${now})`
            }),
          )
          return id
        }),
        find: Effect.fn("SecretValues.find")(function* (id) {
          const [found] = yield* sql`SELECT value FROM secrets WHERE id = ${id}`
          if (found === undefined) return yield* new SecretMissing({ id })
          const { value } = yield* Effect.orDie(decodeRow(found))
          return yield* Effect.flatMap(vault.open(value), (text) => Effect.orDie(decode(text)))
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

const Value = Schema.fromJsonString(Schema.Json)
const encode = Schema.encodeEffect(Value)
const decode = Schema.decodeUnknownEffect(Value)
const decodeRow = Schema.decodeUnknownEffect(Schema.Struct({ value: Schema.String }))

/** As long as commands that have ended are kept. */
const keptMillis = 30 * 24 * 60 * 60 * 1000
