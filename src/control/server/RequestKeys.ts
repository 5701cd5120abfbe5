/** The keys of requests in the state, so that a key gives its command also after a restart of the agent. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { checkedRows } from "../../agent/records/CheckedRows.ts"
import type { StateError } from "../../agent/records/StateError.ts"
import { StateOwnership } from "../../agent/records/StateOwnership.ts"
import { isDamaged } from "../../agent/store/RowChecksum.ts"
import { Vault, type VaultUnavailable } from "../../agent/store/Vault.ts"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { type ApiCommand, ApiRecord } from "../api/ApiCommand.ts"
import { recordToKeep } from "./keptRecord.ts"

/** A request that was kept. */
export interface KeptRequest {
  readonly key: string
  readonly command: string
  /** The id of its command. */
  readonly commandId: string
  readonly askedBy: string
  /** In milliseconds since 1970. */
  readonly askedAt: number
  /** What became of it. Undefined where it has not ended, or its row is damaged. */
  readonly record: ApiRecord | undefined
  /** Whether a person has canceled it, and it had not ended then. */
  readonly isCanceled: boolean
  /** Whether a body is the one that it was asked with. */
  readonly isSame: (body: ApiCommand) => Effect.Effect<boolean>
}

/** What is kept of a request before its command begins. */
export type KeptBefore = Omit<KeptRequest, "isCanceled" | "isSame" | "record">

/** Why a request cannot be kept. */
export type KeepError = StateError | VaultUnavailable

/** Keeps the keys of requests. An ended one is kept for a day, and 10,000 of them at most. */
export class RequestKeys extends Context.Service<
  RequestKeys,
  {
    /** The request with this key. */
    readonly find: (key: string) => Effect.Effect<KeptRequest | undefined, SqlError>
    /** Keeps a request before its command begins. */
    readonly keep: (request: KeptBefore, body: ApiCommand) => Effect.Effect<void, KeepError>
    /** Keeps that the command of a request was canceled, where it has not ended. */
    readonly cancel: (key: string) => Effect.Effect<void, StateError>
    /** Keeps what became of its command, without what plugins have printed. */
    readonly end: (record: ApiRecord) => Effect.Effect<void, StateError>
  }
>()("formae/control/server/RequestKeys") {
  /** In the store. Of a body nothing is kept but a MAC under the key of the vault, because it may have secrets. */
  static readonly layer: Layer.Layer<RequestKeys, never, SqlClient.SqlClient | StateOwnership | Vault> = Layer.effect(
    RequestKeys,
    Effect.gen(function* () {
      const { hold, write } = yield* StateOwnership
      const random = yield* SecureRandom.SecureRandom
      const sql = yield* SqlClient.SqlClient
      const vault = yield* Vault
      const checked = checkedRows(sql, "requests")
      const held = <A, E>(writes: Effect.Effect<A, E>) => Effect.scoped(Effect.andThen(hold, write(writes)))

      return RequestKeys.of({
        find: Effect.fnUntraced(function* (key) {
          const [row] = yield* sql`SELECT * FROM requests WHERE request = ${key}`
          if (row === undefined) return undefined
          const kept = yield* Effect.orDie(decodeRow(row))
          const isCanceled = kept.record === canceledBeforeEnd
          const record =
            kept.record === null || isCanceled || isDamaged(row)
              ? undefined
              : yield* Effect.orElseSucceed(decodeRecord(kept.record), () => undefined)
          return {
            key,
            command: kept.command,
            commandId: kept.command_id,
            askedBy: kept.asked_by,
            askedAt: kept.asked_at,
            record,
            isCanceled,
            isSame: (body) =>
              Effect.flatMap(Effect.all([bytesIn(kept.mac), bytesIn(kept.salt)]), ([mac, salt]) =>
                vault.fits(mac, salt, textOf(body)),
              ),
          }
        }),
        keep: Effect.fnUntraced(function* ({ askedAt, askedBy, command, commandId, key }, body) {
          const salt = yield* Effect.orDie(random.randomBytes(saltBytes))
          const mac = Base64.encode(yield* vault.mac(salt, textOf(body)))
          const insert = sql`
            INSERT INTO requests (request, salt, mac, command, command_id, asked_by, asked_at)
            VALUES (${key}, ${Base64.encode(salt)}, ${mac}, ${command}, ${commandId}, ${askedBy}, ${askedAt})
            ON CONFLICT (request) DO UPDATE SET command_id = excluded.command_id`
          yield* held(checked.put(sql`request = ${key}`, insert))
        }),
        cancel: (key) => {
          const update = sql`
            UPDATE requests SET record = ${canceledBeforeEnd} WHERE request = ${key} AND ended_at IS NULL`
          return held(checked.update(sql`request = ${key}`, update))
        },
        end: Effect.fnUntraced(function* (record) {
          const now = yield* Clock.currentTimeMillis
          const text = yield* Effect.orDie(encodeRecord(recordToKeep(record)))
          const update = sql`
            UPDATE requests SET record = ${text}, ended_at = ${now} WHERE request = ${record.key}`
          // One that waited or asked when its agent ended has no command in the journal, and never ends.
          const deleteOld = sql`
            DELETE FROM requests WHERE ended_at < ${now - keptMillis}
            OR (ended_at IS NULL AND asked_at < ${now - leftMillis} AND command_id NOT IN (
              SELECT command_id FROM commands WHERE status IN ('running', 'canceled')))
            OR request IN (
              SELECT request FROM requests WHERE ended_at IS NOT NULL
              ORDER BY ended_at DESC, request LIMIT ${maxPruned} OFFSET ${maxKept})`
          yield* held(Effect.andThen(checked.update(sql`request = ${record.key}`, update), deleteOld))
        }),
      })
    }),
  ).pipe(Layer.provide(SecureRandom.layerWebCrypto))
}

/** Stands in the place of the record of a command that was canceled, until it has ended. */
const canceledBeforeEnd = "canceled"

/** How long an ended request is kept: longer than a client goes on asking. */
const keptMillis = 24 * 60 * 60 * 1000

/** How long one is kept that has not ended, and that nobody can continue. */
const leftMillis = 7 * keptMillis

/** How many ended requests are kept. */
const maxKept = 10_000

/** How many are taken out at a time. */
const maxPruned = 1_000

const saltBytes = 16

const encoder = new TextEncoder()
const asJson = Schema.decodeUnknownSync(Schema.Json)

/** What was asked for, in one way of writing it. */
export const canonicalBody = (body: ApiCommand): string => canonicalJson(asJson(body))

const textOf = (body: ApiCommand): Uint8Array => encoder.encode(canonicalBody(body))

/** What is no Base64 is of a damaged row, and fits no body. */
const bytesIn = (text: string) =>
  Effect.sync((): Uint8Array => {
    const decoded = Base64.decode(text)
    return decoded._tag === "Success" ? decoded.success : new Uint8Array()
  })

const Row = Schema.Struct({
  salt: Schema.String,
  mac: Schema.String,
  command: Schema.String,
  command_id: Schema.String,
  asked_by: Schema.String,
  asked_at: Schema.Finite,
  record: Schema.NullOr(Schema.String),
})
const decodeRow = Schema.decodeUnknownEffect(Row)
const Record = Schema.fromJsonString(ApiRecord)
const encodeRecord = Schema.encodeEffect(Record)
const decodeRecord = Schema.decodeUnknownEffect(Record)
