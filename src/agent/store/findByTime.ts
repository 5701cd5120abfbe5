/** The step by which what is old, and what has not ended, is found without a look at each row: a state may have a million of them. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

export const findByTime = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE INDEX operations_by_time ON operations (updated_at)`
  yield* sql`CREATE INDEX commands_by_end ON commands (ended_at)`
  yield* sql`CREATE INDEX commands_by_status ON commands (status, forma)`
})
