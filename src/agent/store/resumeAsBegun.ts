/** The step that keeps with a command what a resume of it must not do. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** Both are labels, as JSON. Null is none. */
export const resumeAsBegun = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // What later commands that were limited have taken over.
  yield* sql`ALTER TABLE commands ADD COLUMN left_labels TEXT`
  // Whose drift was accepted when the command began.
  yield* sql`ALTER TABLE commands ADD COLUMN accepted_labels TEXT`
})
