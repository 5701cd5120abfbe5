/** The step that keeps the keys of requests, and what has become of their commands. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

export const keepRequests = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // The body is known by a MAC under the key of the vault: it may have secrets.
  yield* sql`
    CREATE TABLE requests (
      request TEXT NOT NULL PRIMARY KEY,
      salt TEXT NOT NULL,
      mac TEXT NOT NULL,
      command TEXT NOT NULL,
      command_id TEXT NOT NULL,
      asked_by TEXT NOT NULL,
      asked_at BIGINT NOT NULL,
      ended_at BIGINT,
      record TEXT,
      checksum TEXT
    )`
  yield* sql`CREATE INDEX requests_ended ON requests (ended_at)`
})
