/** The step that keeps the events of an agent that stays, and who has asked for a command. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

export const keepEvents = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE events (
      number BIGINT NOT NULL PRIMARY KEY,
      at BIGINT NOT NULL,
      command_id TEXT,
      request TEXT,
      event TEXT NOT NULL,
      checksum TEXT
    )`
  yield* sql`CREATE INDEX events_of_command ON events (command_id, number)`
  yield* sql`CREATE INDEX events_of_request ON events (request, number)`
  // Null is not known, for commands from before this step.
  yield* sql`ALTER TABLE commands ADD COLUMN asked_by TEXT`
  yield* sql`ALTER TABLE commands ADD COLUMN request TEXT`
})
