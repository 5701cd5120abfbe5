/** The step that lets several agents share a state: who holds which part of it, and who has claimed what. */
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

export const shareState = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE holders (
      name TEXT NOT NULL PRIMARY KEY,
      epoch BIGINT NOT NULL,
      runner TEXT,
      since BIGINT NOT NULL,
      taken_from TEXT
    )`
  yield* sql`
    CREATE TABLE claims (
      id TEXT NOT NULL PRIMARY KEY,
      ticket BIGINT NOT NULL UNIQUE,
      holder TEXT NOT NULL,
      epoch BIGINT NOT NULL,
      runner TEXT NOT NULL,
      command_id TEXT,
      command TEXT,
      forma TEXT,
      since BIGINT NOT NULL,
      documents TEXT NOT NULL,
      granted INTEGER NOT NULL
    )`
  yield* sql`CREATE INDEX claims_of_holder ON claims (holder, epoch)`
  yield* sql`
    CREATE TABLE claim_keys (
      kind TEXT NOT NULL,
      claimed TEXT NOT NULL,
      ticket BIGINT NOT NULL,
      PRIMARY KEY (kind, claimed, ticket)
    )`
  yield* sql`CREATE INDEX claim_keys_of_ticket ON claim_keys (ticket)`
  // When resources were last given back, as a ticket. What was read before that may be outdated.
  yield* sql`
    CREATE TABLE claim_releases (
      kind TEXT NOT NULL,
      claimed TEXT NOT NULL,
      ticket BIGINT NOT NULL,
      PRIMARY KEY (kind, claimed)
    )`
  yield* sql`CREATE INDEX claim_releases_by_ticket ON claim_releases (ticket)`
  yield* sql`CREATE TABLE claim_clock (id INTEGER NOT NULL PRIMARY KEY, ticket BIGINT NOT NULL)`
})
