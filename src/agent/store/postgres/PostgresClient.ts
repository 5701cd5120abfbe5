/** An SqlClient for a state on Postgres, whose answers have the types that those of SQLite have. */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { endLostTransactions } from "./lostTransactions.ts"

/** Where the tables are, and how many connections an agent may open to them. */
export interface PostgresOptions {
  /** Of the form `postgres://ROLE:PASSWORD@HOST:PORT/DATABASE`, as libpq reads it. */
  readonly url: Redacted.Redacted<string>
  /** The schema that has the tables of this state and nothing else. */
  readonly schema: string
  /** 10 by default. One of them is kept for as long as an agent holds the state. */
  readonly maxConnections?: number | undefined
  /** Whether 64-bit integers are bigints. What is not of this project may have ids above 2^53. */
  readonly exactIntegers?: boolean | undefined
}

const bigintBytes = 8

/** Counts and times are numbers in all that reads them, and none of them is above 2^53. */
const int8AsNumber: PgTypes.Codec<number | bigint> = {
  encode: (value) => {
    const bytes = new Uint8Array(bigintBytes)
    new DataView(bytes.buffer).setBigInt64(0, BigInt(value))
    return Result.succeed(bytes)
  },
  decode: (bytes) => Result.succeed(Number(new DataView(bytes.buffer, bytes.byteOffset, bigintBytes).getBigInt64(0))),
}

const types = PgTypes.makeRegistry()
types.register(PgTypes.OID.int8, int8AsNumber)

/**
 * What a session is given at its start. A pooler that does not keep sessions
 * refuses it, or loses it, which is noticed when the tables are looked for.
 */
const sessionOf = (schema: string): Readonly<Record<string, string>> => ({
  search_path: `"${schema.replaceAll('"', '""')}"`,
  default_transaction_isolation: "read committed",
  // The engine of the cluster keeps times without their zone, and compares them with now. In a zone with summer time,
  // a lease would last an hour longer one night a year; and sessions of two zones would not agree at all.
  TimeZone: "UTC",
  // An agent that was paused in the middle of a transaction keeps its rows locked. It must not keep all others waiting.
  // One that lives never stands still in a transaction for as long as that.
  idle_in_transaction_session_timeout: "4000",
  // The server looks whether a host that says nothing is still there, and ends its sessions with their locks in about half
  // a minute. By itself it does so after two hours.
  tcp_keepalives_idle: "20",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
})

/** Opens connections when they are needed, and fails with `SqlError` where the server cannot be reached. */
export const layerClient = ({
  exactIntegers = false,
  maxConnections,
  schema,
  url,
}: PostgresOptions): Layer.Layer<SqlClient, SqlError> =>
  Layer.effect(SqlClient, Effect.map(SqlClient, endLostTransactions)).pipe(
    Layer.provide(
      PgClient.layer({
        url,
        applicationName: "formae",
        startupParameters: sessionOf(schema),
        // A server that is gone is noticed as soon.
        keepAlive: "20 seconds",
        ...(exactIntegers ? {} : { types }),
        ...(maxConnections === undefined ? {} : { maxConnections }),
      }),
    ),
  )
