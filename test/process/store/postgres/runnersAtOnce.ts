/** Runners on one schema, each with connections of its own, that do something at the same moment. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { type ClaimSet, nothing, overlaps } from "../../../../src/agent/records/ClaimQueue.ts"
import { Claims } from "../../../../src/agent/records/Claims.ts"
import { partOfForma } from "../../../../src/agent/records/CurrentHolder.ts"
import { makeClaimRows } from "../../../../src/agent/records/cluster/ClaimRows.ts"
import { Holders } from "../../../../src/agent/records/cluster/Holders.ts"
import { StateOwnership } from "../../../../src/agent/records/StateOwnership.ts"
import { makeTestVault } from "../../../../src/testing/makeTestVault.ts"
import { Vault } from "../../../../src/agent/store/Vault.ts"
import { layerRunner, under } from "../../../agent/records/cluster/runners.ts"
import { layerIn, newSchema } from "../../../postgres/PostgresStores.ts"
import type { TestPostgres } from "../../../postgres/startPostgres.ts"
import { waitsForLock } from "./sharing.ts"

const makeRunnersOn = Effect.fnUntraced(function* (server: TestPostgres) {
  const schema = newSchema()
  const open = Effect.fnUntraced(function* (name: string) {
    const store = Layer.merge(layerIn(server, schema), Layer.sync(Vault, makeTestVault))
    const context = yield* Layer.build(layerRunner(name, store))
    return {
      claims: Context.get(context, Claims),
      holders: Context.get(context, Holders),
      sql: Context.get(context, SqlClient.SqlClient),
      write: Context.get(context, StateOwnership).write,
    }
  })
  const one = yield* open("one")
  return { one, sql: one.sql, runners: [one, yield* open("two"), yield* open("three")] }
})

/** Different for each number, and the same in each run. */
const setOf = (number: number): ClaimSet => ({
  documents: number % 11 === 0 ? "all" : [`document ${number % 5}`],
  identities: [`thing ${number % 3}`, `thing ${3 + (number % 4)}`],
  // A document may give any text as a name.
  names: number % 2 === 0 ? [] : [`name \0 ${number % 3}`],
})

export const runnersAtOnce = (server: TestPostgres) =>
  describe("runners on one state in Postgres", () => {
    const makeRunners = makeRunnersOn(server)

    it.live(
      "have claims at the same moment that never overlap, never wait for each other, and leave nothing behind",
      () =>
        Effect.gen(function* () {
          const { runners, sql } = yield* makeRunners
          const running = new Set<ClaimSet>()
          let ended = 0
          const run = ({ claims }: (typeof runners)[number], set: ClaimSet) =>
            Effect.scoped(
              Effect.gen(function* () {
                const { cover } = yield* claims.claim({ documents: set.documents })
                yield* cover({ ...nothing, identities: set.identities.slice(0, 1) })
                yield* cover(set)
                for (const other of running) assert.isFalse(overlaps(set, other), "two commands overlap")
                running.add(set)
                // As long as a few statements of others take.
                yield* Effect.repeat(sql`SELECT 1`, { times: 3 })
                running.delete(set)
                ended += 1
              }),
            )
          const commands = Array.from({ length: 30 }, (_, number) => number)
          yield* Effect.forEach(
            commands,
            (number) =>
              Effect.forEach(runners.slice(number % 3, (number % 3) + 1), (runner) => run(runner, setOf(number))),
            { concurrency: "unbounded" },
          )
          assert.strictEqual(ended, commands.length)
          assert.deepEqual(yield* sql`SELECT * FROM claims`, [])
          assert.deepEqual(yield* sql`SELECT * FROM claim_keys`, [])
          assert.deepEqual(yield* sql`SELECT * FROM claim_releases`, [])
        }),
    )

    it.live("wait for a claim that another one is about to write", () =>
      Effect.gen(function* () {
        const { one, runners } = yield* makeRunners
        const [begun, open] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
        const set = { ...nothing, documents: ["shop"] }
        const row = { id: "first", runner: "one", commandId: null, command: null, forma: null, since: 0 }
        const entered = one.sql.withTransaction(
          makeClaimRows(one.sql)
            .enter(row, one.holders.own, set)
            .pipe(Effect.andThen(Deferred.succeed(begun, undefined)), Effect.andThen(Deferred.await(open))),
        )
        const first = yield* Effect.forkChild(entered, { startImmediately: true })
        yield* Deferred.await(begun)
        const second = yield* Effect.forkChild(
          Effect.forEach(runners.slice(1, 2), ({ claims }) => Effect.flip(claims.claim(set, { whenInUse: "refuse" }))),
          { startImmediately: true },
        )
        yield* waitsForLock(one.sql)
        yield* Deferred.succeed(open, undefined)
        yield* Fiber.join(first)
        const [refused] = yield* Fiber.join(second)
        assert.deepInclude(refused, { _tag: "StateInUse", runner: "one" })
      }).pipe(Effect.scoped),
    )

    it.live("keep nobody waiting with a transaction in which they stand still: the server ends it", () =>
      Effect.gen(function* () {
        const { sql } = yield* makeRunners
        assert.deepEqual(yield* sql`SHOW idle_in_transaction_session_timeout`.values, [["4s"]])
      }).pipe(Effect.scoped),
    )

    it.live("P17: let no write of a part land once another runner has taken it over", () =>
      Effect.gen(function* () {
        const { runners, sql } = yield* makeRunners
        const part = partOfForma("shop")
        yield* sql`CREATE TABLE written (epoch BIGINT NOT NULL, current BIGINT NOT NULL)`
        /** Writes until the part is taken over. A row says which epoch it is of, and which one was the last as it was written. */
        const writeOn = ({ write }: (typeof runners)[number], holder: Parameters<typeof under>[0]) =>
          Effect.forever(
            under(holder)(
              write(sql`
              INSERT INTO written (epoch, current)
              SELECT CAST(${holder.epoch} AS BIGINT), epoch FROM holders WHERE name = ${part}`),
            ),
          )
        const fibers = yield* Effect.forEach(
          [...runners, ...runners, ...runners],
          (runner) =>
            Effect.gen(function* () {
              const holder = yield* runner.holders.activate(part)
              const fibers = yield* Effect.forEach([1, 2], () => Effect.forkChild(Effect.flip(writeOn(runner, holder))))
              const isWritten = sql`SELECT 1 FROM written WHERE epoch = ${holder.epoch} LIMIT 1`
              yield* Effect.repeat(isWritten, { until: (rows) => rows.length > 0 })
              return fibers
            }),
          { concurrency: 1 },
        )
        yield* Effect.forEach(runners.slice(0, 1), ({ holders }) => holders.activate(part))
        const ends = yield* Effect.forEach(fibers.flat(), Fiber.join)
        for (const error of ends) assert.deepInclude(error, { _tag: "StateTaken", holder: part })
        assert.deepEqual(yield* sql`SELECT * FROM written WHERE epoch <> current`, [])
        const [row] = yield* sql`SELECT COUNT(DISTINCT epoch) FROM written`.values
        assert.strictEqual(Number(row?.[0]), 9)
      }),
    )
  })
