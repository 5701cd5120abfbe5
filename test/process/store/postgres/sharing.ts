/** Several agents on one schema, each with connections of its own. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { EventLog } from "../../../../src/agent/events/EventLog.ts"
import type { EventToLog } from "../../../../src/agent/events/LoggedEvent.ts"
import { Claims } from "../../../../src/agent/records/Claims.ts"
import { Holders } from "../../../../src/agent/records/cluster/Holders.ts"
import { layerSharedClaims } from "../../../../src/agent/records/cluster/layerSharedClaims.ts"
import { layerSharedOwnership } from "../../../../src/agent/records/cluster/layerSharedOwnership.ts"
import { StateOwnership } from "../../../../src/agent/records/StateOwnership.ts"
import { makeGroupCommit } from "../../../../src/agent/store/GroupCommit.ts"
import { longId } from "../../../agent/records/longId.ts"
import { asAdministrator, layerIn, newSchema } from "../../../postgres/PostgresStores.ts"
import type { TestPostgres } from "../../../postgres/startPostgres.ts"

const released: EventToLog = { event: { _tag: "Plugin", event: { _tag: "Released", plugin: "aws" } } }

export const sharing = (server: TestPostgres) =>
  describe("a state on Postgres", () => {
    /** An agent as a process of its own has it. */
    const openIn = (schema: string) =>
      Layer.build(Layer.fresh(Layer.provideMerge(StateOwnership.layer, layerIn(server, schema)))).pipe(
        Effect.map((context) => ({
          ownership: Context.get(context, StateOwnership),
          sql: Context.get(context, SqlClient.SqlClient),
        })),
      )
    const openClaims = (schema: string, runner: string) =>
      Layer.build(
        layerSharedClaims.pipe(
          Layer.provide(Holders.layer(runner)),
          Layer.provide(layerIn(server, schema)),
          Layer.fresh,
        ),
      ).pipe(Effect.map(Context.get(Claims)))
    const epochIn = (sql: SqlClient.SqlClient) =>
      Effect.map(sql`SELECT epoch FROM state_ownership`.values, ([row]) => row?.[0])

    it.live("is made once, also by agents that open it at the same moment", () =>
      Effect.gen(function* () {
        const schema = newSchema()
        const agents = yield* Effect.forEach([1, 2, 3, 4], () => openIn(schema), { concurrency: "unbounded" })
        for (const { sql } of agents) assert.strictEqual(yield* epochIn(sql), 0)
      }),
    )

    it.live("compares text by its bytes, as SQLite does, in all of its tables", () =>
      Effect.gen(function* () {
        const { sql } = yield* openIn(newSchema())
        const other = yield* sql`
          SELECT table_name, column_name FROM information_schema.columns
          WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'
          AND table_name <> 'formae_migrations'`
        assert.deepEqual(other, [])
      }),
    )

    it.live("is held by one agent, and free when the session of its holder has ended", () =>
      Effect.gen(function* () {
        const schema = newSchema()
        const [one, other] = [yield* openIn(schema), yield* openIn(schema)]
        yield* one.ownership.hold
        assert.isTrue(yield* other.ownership.isHeld)
        assert.strictEqual((yield* Effect.flip(Effect.scoped(other.ownership.hold)))._tag, "StateInUse")
        assert.strictEqual((yield* Effect.flip(other.ownership.unlock))._tag, "StateInUse")
        // As when its host is gone: the row still names it.
        yield* asAdministrator(
          server,
          (sql) => sql`SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'`,
        )
        const held = yield* other.ownership.hold
        assert.deepInclude(held, { epoch: 2, takenOver: true })
        const error = yield* Effect.flip(one.ownership.write(Effect.die("it was written")))
        assert.deepInclude(error, { _tag: "StateTaken", epoch: 1 })
        assert.isTrue(yield* other.ownership.write(Effect.succeed(true)))
      }),
    )

    describe("P17: takes no write of a holder that was replaced", () => {
      const makeRace = Effect.gen(function* () {
        const schema = newSchema()
        const { ownership, sql } = yield* openIn(schema)
        const other = yield* openIn(schema)
        yield* ownership.hold
        return {
          sql,
          write: ownership.write(sql`INSERT INTO quarantines (plugin, restarts, reason, at) VALUES ('aws', 1, '', 1)`),
          writeThen: <A>(then: Effect.Effect<A>) =>
            ownership.write(
              Effect.andThen(
                sql`INSERT INTO quarantines (plugin, restarts, reason, at) VALUES ('first', 1, '', 1)`,
                then,
              ),
            ),
          replaceThen: <A>(then: Effect.Effect<A>) =>
            other.sql.withTransaction(
              Effect.andThen(other.sql`UPDATE state_ownership SET epoch = epoch + 1, owner = 'other'`, then),
            ),
          written: Effect.map(sql`SELECT plugin FROM quarantines`.values, (rows) => rows.flat()),
        }
      })
      const gate = Effect.map(Effect.all([Deferred.make<void>(), Deferred.make<void>()]), ([begun, open]) => ({
        begun: Deferred.await(begun),
        open: Deferred.succeed(open, undefined),
        pass: Effect.andThen(Deferred.succeed(begun, undefined), Deferred.await(open)),
      }))

      it.live("while it writes: the next holder waits for the end of that", () =>
        Effect.gen(function* () {
          const { replaceThen, sql, write, writeThen, written } = yield* makeRace
          const { begun, open, pass } = yield* gate
          const writing = yield* Effect.forkChild(writeThen(pass), { startImmediately: true })
          yield* begun
          const replacing = yield* Effect.forkChild(replaceThen(Effect.void), { startImmediately: true })
          yield* waitsForLock(sql)
          assert.isUndefined(replacing.pollUnsafe())
          yield* open
          yield* Fiber.join(writing)
          yield* Fiber.join(replacing)
          assert.strictEqual((yield* Effect.flip(write))._tag, "StateTaken")
          assert.deepEqual(yield* written, ["first"])
        }),
      )

      it.live("before it writes: it waits for the end of that, and sees it", () =>
        Effect.gen(function* () {
          const { replaceThen, sql, write, written } = yield* makeRace
          const { begun, open, pass } = yield* gate
          const replacing = yield* Effect.forkChild(replaceThen(pass), { startImmediately: true })
          yield* begun
          const writing = yield* Effect.forkChild(Effect.flip(write), { startImmediately: true })
          yield* waitsForLock(sql)
          yield* open
          yield* Fiber.join(replacing)
          assert.strictEqual((yield* Fiber.join(writing))._tag, "StateTaken")
          assert.deepEqual(yield* written, [])
        }),
      )
    })

    it.live("numbers the events of several agents one after another", () =>
      Effect.gen(function* () {
        const schema = newSchema()
        const openLog = (runner: string) =>
          Layer.build(
            EventLog.layerNoDeps().pipe(
              Layer.provide(layerSharedOwnership),
              Layer.provide(Holders.layer(runner)),
              Layer.provide(layerIn(server, schema)),
              Layer.fresh,
            ),
          ).pipe(Effect.map(Context.get(EventLog)))
        const [one, other] = [yield* openLog("agent-1@here"), yield* openLog("agent-2@here")]
        const appends = Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? one : other).append([released, released]),
        )
        const numbers = yield* Effect.all(appends, { concurrency: "unbounded" })
        assert.deepEqual(
          numbers.toSorted((a, b) => a - b),
          Array.from({ length: 40 }, (_, index) => 2 * (index + 1)),
        )
        assert.strictEqual(yield* one.last, 80)
      }),
    )

    it.live("lets commands of several agents that claim one document run one after another", () =>
      Effect.gen(function* () {
        const schema = newSchema()
        const agents = [yield* openClaims(schema, "agent-1@here"), yield* openClaims(schema, "agent-2@here")]
        const seen: Array<number> = []
        let running = 0
        const command = (claims: Claims["Service"]) =>
          Effect.scoped(
            Effect.gen(function* () {
              yield* claims.claim({ documents: ["shop"] })
              running += 1
              seen.push(running)
              yield* Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, { discard: true })
              running -= 1
            }),
          )
        yield* Effect.forEach([...agents, ...agents], command, { concurrency: "unbounded" })
        assert.deepEqual(seen, [1, 1, 1, 1])
      }),
    )

    it.live("claims a thing whose id is as long as one may be", () =>
      Effect.gen(function* () {
        const [identity, other] = [longId(65_536), longId(65_535)]
        const claims = yield* openClaims(newSchema(), "agent-1@here")
        const { cover } = yield* claims.claim({ documents: ["shop"] })
        yield* cover({ identities: [identity], names: [longId(60_000)] })
        assert.isTrue(yield* claims.isClaimed(identity))
        assert.isFalse(yield* claims.isClaimed(other))
      }).pipe(Effect.scoped),
    )

    it.live("makes a write again that the server has ended because two waited for each other", () =>
      Effect.gen(function* () {
        const schema = newSchema()
        const [one, other] = [yield* openIn(schema), yield* openIn(schema)]
        yield* one.sql`INSERT INTO quarantines (plugin, restarts, reason, at) VALUES ('a', 0, '', 0), ('b', 0, '', 0)`
        const both = [yield* Deferred.make<void>(), yield* Deferred.make<void>()] as const
        let attempts = 0
        const touch = (sql: SqlClient.SqlClient, plugin: string) =>
          sql`UPDATE quarantines SET restarts = restarts + 1 WHERE plugin = ${plugin}`
        const writeBoth = (sql: SqlClient.SqlClient, first: string, second: string, mine: number) =>
          makeGroupCommit(
            sql,
            Effect.void,
          )(
            Effect.gen(function* () {
              attempts += 1
              yield* touch(sql, first)
              yield* Deferred.succeed(both[mine === 0 ? 0 : 1], undefined)
              yield* Deferred.await(both[mine === 0 ? 1 : 0])
              yield* touch(sql, second)
            }),
          )
        yield* Effect.all([writeBoth(one.sql, "a", "b", 0), writeBoth(other.sql, "b", "a", 1)], {
          concurrency: "unbounded",
        })
        assert.isAtLeast(attempts, 3)
        assert.deepEqual(yield* one.sql`SELECT restarts FROM quarantines`.values, [[2], [2]])
      }),
    )
  })

/** Ends once a transaction of the server waits for a row of another one. */
export const waitsForLock = (sql: SqlClient.SqlClient) =>
  Effect.repeat(sql`SELECT 1 FROM pg_locks WHERE NOT granted`, { until: (rows) => rows.length > 0 })
