/**
 * The shares of all runners in the database: one row for each namespace, which is
 * changed by one statement and only if nobody else has changed it. So a runner
 * that is paused in the middle of a change keeps no other one from making its own.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Share } from "./shareDecision.ts"

/** The shares of a namespace. */
export interface NamespaceShares {
  readonly namespace: string
  readonly shares: ReadonlyArray<Share>
}

export interface ShareRows {
  /** Changes the shares of a namespace. `decide` is told the time of the database, and may be asked again. */
  readonly change: <A extends { readonly shares: ReadonlyArray<Share> }>(
    namespace: string,
    decide: (shares: ReadonlyArray<Share>, now: number) => A,
  ) => Effect.Effect<A, SqlError>
}

const table = "cluster_rate_shares"

/** Makes the table. Two that do so at once may be in each other's way, and the second try finds it. */
export const prepareShares: Effect.Effect<void, SqlError, SqlClient> = SqlClient.use(
  (sql) =>
    sql`
      CREATE TABLE IF NOT EXISTS ${sql(table)} (
        namespace TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, shares TEXT NOT NULL)`,
).pipe(Effect.retry({ times: 3 }), Effect.asVoid)

export const makeShareRows = (sql: SqlClient): ShareRows => {
  const read = (namespace: string) =>
    Effect.gen(function* () {
      const clock = yield* Clock.currentTimeMillis
      const now = sql.onDialectOrElse({
        pg: () => sql`(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::float8`,
        // A file has one host, and so one clock.
        orElse: () => sql`${clock}`,
      })
      const [row] = yield* sql`
        SELECT version, shares, ${now} FROM (SELECT 1) AS one LEFT JOIN ${sql(table)} ON namespace = ${namespace}`
        .values
      const [version, text, at] = row ?? []
      return {
        version: version === null || version === undefined ? undefined : Number(version),
        shares: text === null || text === undefined ? [] : yield* Effect.orDie(decodeShares(text)),
        now: Math.floor(Number(at)),
      }
    })

  const write = (namespace: string, version: number | undefined, shares: ReadonlyArray<Share>) => {
    const text = JSON.stringify(shares)
    const written =
      version === undefined
        ? sql`
            INSERT INTO ${sql(table)} (namespace, version, shares) VALUES (${namespace}, 1, ${text})
            ON CONFLICT (namespace) DO NOTHING RETURNING version`
        : sql`
            UPDATE ${sql(table)} SET version = ${version + 1}, shares = ${text}
            WHERE namespace = ${namespace} AND version = ${version} RETURNING version`
    return Effect.map(written, (rows) => rows.length > 0)
  }

  return {
    change: Effect.fnUntraced(function* (namespace, decide) {
      while (true) {
        const { now, shares, version } = yield* read(namespace)
        const decided = decide(shares, now)
        if (yield* write(namespace, version, decided.shares)) return decided
      }
    }),
  }
}

/** The shares of all namespaces. None where no runner of this version has joined yet. */
export const readShares: Effect.Effect<ReadonlyArray<NamespaceShares>, SqlError, SqlClient> = Effect.gen(function* () {
  const sql = yield* SqlClient
  const found = yield* sql.onDialectOrElse({
    pg: () => Effect.map(sql`SELECT to_regclass(${table}) IS NOT NULL`.values, ([row]) => row?.[0] === true),
    orElse: () => Effect.succeed(true),
  })
  if (!found) return []
  return yield* Effect.orDie(decodeRows(yield* sql`SELECT namespace, shares FROM ${sql(table)} ORDER BY namespace`))
})

const Shares = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ id: Schema.String, runner: Schema.String, parts: Schema.Int, endsAt: Schema.Int })),
)
const decodeShares = Schema.decodeUnknownEffect(Shares)
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ namespace: Schema.String, shares: Shares })))
