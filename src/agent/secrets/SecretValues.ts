/**
 * Secrets of encoded values. Such a value crosses what may be read or kept by
 * others, and so it holds ids; what an id stands for is here, locked in the
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
import { Vault, type VaultUnavailable } from "../store/Vault.ts"

export const SecretId = Schema.String.pipe(Schema.brand("formae/agent/secrets/SecretId"))
export type SecretId = typeof SecretId.Type

/** No secret is kept under this id: it was kept in another state, or longer ago than secrets are kept. */
export class SecretMissing extends Schema.TaggedError<SecretMissing>("formae/agent/secrets/SecretMissing")(
  "SecretMissing",
  { id: SecretId },
) {
  override get message(): string {
    return `The state has no secret ${this.id}. Secrets of encoded values are kept for 30 days, in the state of the agent that encoded them`
  }
}

const Value = Schema.fromJsonString(Schema.Json)
const encode = Schema.encodeEffect(Value)
const decode = Schema.decodeUnknownEffect(Value)
const Row = Schema.Struct({ value: Schema.String })
const decodeRow = Schema.decodeUnknownEffect(Row)

/** As long as commands that have ended are kept. */
const keptMillis = 30 * 24 * 60 * 60 * 1000

export class SecretValues extends Context.Service<
  SecretValues,
  {
    /** Keeps a value for 30 days, and gives the id under which it is found again. */
    readonly keep: (value: Schema.Json) => Effect.Effect<SecretId, VaultUnavailable | SqlError>
    readonly find: (id: SecretId) => Effect.Effect<Schema.Json, SecretMissing | VaultUnavailable | SqlError>
  }
>()("formae/agent/secrets/SecretValues") {
  static readonly layerNoDeps = Layer.effect(
    SecretValues,
    Effect.gen(function* () {
      const random = yield* SecureRandom.SecureRandom
      const sql = yield* SqlClient.SqlClient
      const vault = yield* Vault
      return SecretValues.of({
        keep: Effect.fn("SecretValues.keep")(function* (value) {
          const id = SecretId.make(yield* random.uuidV7())
          const locked = yield* Effect.flatMap(Effect.orDie(encode(value)), vault.lock)
          const now = yield* Clock.currentTimeMillis
          yield* sql`DELETE FROM secrets WHERE kept_at < ${now - keptMillis}`
          yield* sql`INSERT INTO secrets (id, value, kept_at) VALUES (${id}, ${locked}, ${now})`
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
  )

  static readonly layer: Layer.Layer<SecretValues, never, SqlClient.SqlClient | Vault> = this.layerNoDeps.pipe(
    Layer.provide(SecureRandom.layerWebCrypto),
  )
}
