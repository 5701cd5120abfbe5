/**
 * The claims of all agents that share a state, as rows. A claim is granted once
 * no earlier one overlaps with it. Its ticket says which came earlier: the
 * tickets come from one row, so that of two that enter at once, the later one
 * sees the earlier one.
 */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { nameKey } from "../../forma/FormaName.ts"
import type { ClaimSet } from "../ClaimQueue.ts"
import type { Holder } from "../CurrentHolder.ts"
import { inChunks } from "../inChunks.ts"
import { claimKey } from "./claimKey.ts"

/** What is written of one claim. */
export interface ClaimRow {
  /** A random id, which its claimant knows before it is written. */
  readonly id: string
  readonly runner: string
  readonly commandId: string | null
  readonly command: string | null
  readonly forma: string | null
  /** In milliseconds since 1970. */
  readonly since: number
}

/** A claim that another one waits for. */
export type Blocker = Omit<ClaimRow, "id">

/** Each needs a transaction of its caller, unless it says otherwise. */
export interface ClaimRows {
  /** Writes a claim after all that came before. Gives what it waits for: undefined where it is granted. */
  readonly enter: (row: ClaimRow, holder: Holder, set: ClaimSet) => Effect.Effect<Blocker | undefined, SqlError>
  /** The same for a claim that waits. `Gone` where it was freed. */
  readonly look: (id: string) => Effect.Effect<Blocker | "Gone" | undefined, SqlError>
  /** Ends a claim. What it had may have been changed, if it was granted. Does nothing where there is none. */
  readonly free: (id: string) => Effect.Effect<void, SqlError>
  /** Ends a claim under which nothing was changed. */
  readonly withdraw: (id: string) => Effect.Effect<void, SqlError>
  /** Ends the claims under earlier epochs of a holding. */
  readonly freeBefore: (holder: Pick<Holder, "epoch" | "name">) => Effect.Effect<void, SqlError>
  /** Ends the claims under a holding. */
  readonly freeUnder: (holder: Pick<Holder, "epoch" | "name">) => Effect.Effect<void, SqlError>
  /** A time, in numbers that grow with each claim and each end of one. No transaction is needed. */
  readonly now: Effect.Effect<number, SqlError>
  /** Whether something that a claim has was freed since a time. No transaction is needed. */
  readonly isFreedSince: (id: string, time: number) => Effect.Effect<boolean, SqlError>
}

const keysOf = ({ documents, identities, names }: ClaimSet) => {
  const keys = (kind: string, all: ReadonlyArray<string>) =>
    [...new Set(all.map(claimKey))].map((key) => ({ kind, key }))
  return [
    ...keys("document", documents === "all" ? [] : documents.map(nameKey)),
    ...keys("identity", identities),
    ...keys("name", names),
  ]
}

/** What a claim has of documents, as its row says it. */
export const claimedDocuments = Schema.fromJsonString(
  Schema.Union([Schema.Literal("all"), Schema.Array(Schema.String)]),
)
const all = JSON.stringify("all")
const none = JSON.stringify([])

export const makeClaimRows = (sql: SqlClient): ClaimRows => {
  const tick = Effect.map(
    sql`
      INSERT INTO claim_clock (id, ticket) VALUES (1, 1)
      ON CONFLICT (id) DO UPDATE SET ticket = claim_clock.ticket + 1 RETURNING ticket`.values,
    ([row]) => Number(row?.[0]),
  )

  const overlapWith = (documents: string): Fragment => {
    if (documents === none) return sql`1 = 0`
    return documents === all ? sql`documents <> ${none}` : sql`documents = ${all}`
  }

  const blockerOf = (ticket: number, documents: string): Effect.Effect<Blocker | undefined, SqlError> =>
    Effect.flatMap(
      sql`
        SELECT runner, command_id AS "commandId", command, forma, since FROM claims
        WHERE ticket < ${ticket} AND (
          ticket IN (
            SELECT theirs.ticket FROM claim_keys AS mine
            JOIN claim_keys AS theirs ON theirs.kind = mine.kind AND theirs.claimed = mine.claimed
            WHERE mine.ticket = ${ticket} AND theirs.ticket < ${ticket})
          OR ${overlapWith(documents)})
        ORDER BY ticket LIMIT 1`,
      (rows) => Effect.map(Effect.orDie(decodeBlockers(rows)), ([row]) => row),
    )

  const grantOrBlock = Effect.fnUntraced(function* (ticket: number, documents: string) {
    const blocker = yield* blockerOf(ticket, documents)
    if (blocker === undefined) yield* sql`UPDATE claims SET granted = 1 WHERE ticket = ${ticket}`
    return blocker
  })

  /** After a tick: of two that end the same claims, the second one waits, and finds none. */
  const remove = Effect.fnUntraced(function* (which: Fragment) {
    yield* sql`DELETE FROM claim_keys WHERE ticket IN (SELECT ticket FROM claims WHERE ${which})`
    yield* sql`DELETE FROM claims WHERE ${which}`
  })

  const freeAll = Effect.fnUntraced(function* (which: Fragment) {
    const [first] = yield* sql`SELECT 1 FROM claims WHERE ${which} LIMIT 1`
    if (first === undefined) return
    const now = yield* tick
    yield* sql`
      INSERT INTO claim_releases (kind, claimed, ticket)
      SELECT DISTINCT kind, claimed, CAST(${now} AS BIGINT) FROM claim_keys WHERE kind <> 'document' AND ticket IN (
        SELECT ticket FROM claims WHERE granted = 1 AND ${which})
      ON CONFLICT (kind, claimed) DO UPDATE SET ticket = excluded.ticket`
    yield* remove(which)
    // Each command that runs has begun to read after its first ticket.
    yield* sql`DELETE FROM claim_releases WHERE ticket < COALESCE((SELECT MIN(ticket) FROM claims), ${now + 1})`
  })

  return {
    enter: Effect.fnUntraced(function* (row, holder, set) {
      const ticket = yield* tick
      const documents = JSON.stringify(set.documents)
      yield* sql`
        INSERT INTO claims (id, ticket, holder, epoch, runner, command_id, command, forma, since, documents, granted)
        VALUES (${row.id}, ${ticket}, ${holder.name}, ${holder.epoch}, ${row.runner}, ${row.commandId}, ${row.command},
          ${row.forma}, ${row.since}, ${documents}, 0)`
      for (const keys of inChunks(keysOf(set))) {
        yield* sql`INSERT INTO claim_keys ${sql.insert(Arr.map(keys, ({ key, kind }) => ({ kind, claimed: key, ticket })))}`
      }
      return yield* grantOrBlock(ticket, documents)
    }),
    look: Effect.fnUntraced(function* (id) {
      const [row] = yield* sql`SELECT ticket, documents FROM claims WHERE id = ${id}`.values
      return row === undefined ? "Gone" : yield* grantOrBlock(Number(row[0]), String(row[1]))
    }),
    free: (id) => freeAll(sql`id = ${id}`),
    withdraw: (id) => Effect.andThen(tick, remove(sql`id = ${id}`)),
    freeBefore: ({ epoch, name }) => freeAll(sql`holder = ${name} AND epoch < ${epoch}`),
    freeUnder: ({ epoch, name }) => freeAll(sql`holder = ${name} AND epoch = ${epoch}`),
    now: Effect.map(sql`SELECT ticket FROM claim_clock`.values, ([row]) => Number(row?.[0] ?? 0)),
    isFreedSince: (id, time) =>
      Effect.map(
        sql`
          SELECT 1 FROM claim_releases AS freed
          JOIN claim_keys AS mine ON mine.kind = freed.kind AND mine.claimed = freed.claimed
          WHERE freed.ticket > ${time} AND mine.ticket IN (SELECT ticket FROM claims WHERE id = ${id}) LIMIT 1`,
        (rows) => rows.length > 0,
      ),
  }
}

const decodeBlockers = Schema.decodeUnknownEffect(
  Schema.Array(
    Schema.Struct({
      runner: Schema.String,
      commandId: Schema.NullOr(Schema.String),
      command: Schema.NullOr(Schema.String),
      forma: Schema.NullOr(Schema.String),
      since: Schema.Finite,
    }),
  ),
)
