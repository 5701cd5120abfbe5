/** What runners were asked for, in the state: a message between them has only a key. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { checkedRows } from "../agent/records/CheckedRows.ts"
import type { StateError } from "../agent/records/StateError.ts"
import { StateOwnership } from "../agent/records/StateOwnership.ts"
import { isDamaged } from "../agent/store/RowChecksum.ts"
import { Vault, type VaultUnavailable } from "../agent/store/Vault.ts"
import { ApiCommand } from "../control/api/ApiCommand.ts"

/** A request that has not ended. */
export interface RequestBody {
  readonly key: string
  /** The id of the entity that works on it. */
  readonly entity: string
  readonly askedBy: string
  /** What was asked for. Fails where the key of the vault is not the one that it was locked with, or where its row is damaged. */
  readonly command: Effect.Effect<ApiCommand, VaultUnavailable | RequestDamaged>
}

/** What was asked for cannot be read any more. */
export class RequestDamaged extends Schema.TaggedError<RequestDamaged>("formae/cluster/RequestDamaged")(
  "RequestDamaged",
  { key: Schema.String },
) {
  override get message(): string {
    return `The row of the request ${this.key} was changed since formae wrote it, so what was asked for is not known. Ask for it again with another key`
  }
}

/** How long a request is kept that nobody has taken up. */
const keptMillis = 7 * 24 * 60 * 60 * 1000

/** Keeps what was asked for, locked in the vault, until its command has ended. */
export class RequestBodies extends Context.Service<
  RequestBodies,
  {
    /** The request of a key. Undefined where there is none, or its command has ended. */
    readonly find: (key: string) => Effect.Effect<RequestBody | undefined, SqlError>
    /** The id of the entity that works on the request of a command. Undefined where it has ended, or was for no request. */
    readonly entityOfCommand: (commandId: string) => Effect.Effect<string | undefined, SqlError>
    /** Keeps a request. One of this key that is there stays as it is. */
    readonly keep: (
      request: Pick<RequestBody, "askedBy" | "entity" | "key">,
      command: ApiCommand,
    ) => Effect.Effect<void, StateError | VaultUnavailable>
    /** Removes a request whose command has ended. */
    readonly forget: (key: string) => Effect.Effect<void, StateError>
    /** Removes the requests that have ended, or that nobody has taken up for a week. Gives how many. */
    readonly prune: Effect.Effect<number, StateError>
  }
>()("formae/cluster/RequestBodies") {
  /** In the store. */
  static readonly layer = Layer.effect(
    RequestBodies,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const vault = yield* Vault
      const { write } = yield* StateOwnership
      const checked = checkedRows(sql, "request_bodies")

      return RequestBodies.of({
        find: Effect.fnUntraced(function* (key) {
          const [row] = yield* sql`SELECT * FROM request_bodies WHERE request = ${key}`
          if (row === undefined) return undefined
          const { asked_by, body, entity } = yield* Effect.orDie(decodeRow(row))
          const damaged = new RequestDamaged({ key })
          return {
            key,
            entity,
            askedBy: asked_by,
            command: isDamaged(row)
              ? damaged
              : Effect.flatMap(vault.open(body), (text) => Effect.mapError(decodeBody(text), () => damaged)),
          }
        }),
        entityOfCommand: (commandId) =>
          Effect.map(
            // One that waits is not in the journal yet, and one that is resumed or a part of another was asked for with another key before.
            sql`
              SELECT entity FROM request_bodies WHERE request IN (
                SELECT request FROM requests WHERE command_id = ${commandId}
                UNION SELECT request FROM commands WHERE command_id = ${commandId}
                UNION SELECT request FROM events WHERE command_id = ${commandId})`.values,
            ([row]) => (row === undefined ? undefined : String(row[0])),
          ),
        keep: Effect.fnUntraced(function* ({ askedBy, entity, key }, command) {
          const askedAt = yield* Clock.currentTimeMillis
          const body = yield* vault.lock(yield* Effect.orDie(encodeBody(command)))
          yield* write(
            checked.put(
              sql`request = ${key}`,
              sql`
                INSERT INTO request_bodies (request, entity, body, asked_by, asked_at)
                VALUES (${key}, ${entity}, ${body}, ${askedBy}, ${askedAt}) ON CONFLICT (request) DO NOTHING`,
            ),
          )
        }),
        forget: (key) => write(Effect.asVoid(sql`DELETE FROM request_bodies WHERE request = ${key}`)),
        prune: Effect.flatMap(Clock.currentTimeMillis, (now) =>
          write(
            Effect.map(
              sql`
                DELETE FROM request_bodies WHERE asked_at < ${now - keptMillis}
                OR request IN (SELECT request FROM requests WHERE ended_at IS NOT NULL) RETURNING request`,
              ({ length }) => length,
            ),
          ),
        ),
      })
    }),
  )
}

const Row = Schema.Struct({ entity: Schema.String, body: Schema.String, asked_by: Schema.String })
const decodeRow = Schema.decodeUnknownEffect(Row)
const Body = Schema.fromJsonString(ApiCommand)
const encodeBody = Schema.encodeEffect(Body)
const decodeBody = Schema.decodeUnknownEffect(Body)
