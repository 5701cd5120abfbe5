/** The step that keeps what runners of a cluster were asked for, until it is done. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

export const keepRequestBodies = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // The body is locked in the vault: it may have secrets.
  yield* sql`
    CREATE TABLE request_bodies (
      request TEXT NOT NULL PRIMARY KEY,
      entity TEXT NOT NULL,
      body TEXT NOT NULL,
      asked_by TEXT NOT NULL,
      asked_at BIGINT NOT NULL,
      checksum TEXT
    )`
  yield* sql`CREATE INDEX request_bodies_asked ON request_bodies (asked_at)`
})
