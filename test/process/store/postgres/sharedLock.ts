/** The lock of a schema: one agent holds it alone, or runners share it. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Runner from "effect/cluster/Runner"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { Holders } from "../../../../src/agent/records/cluster/Holders.ts"
import { layerSharedOwnership } from "../../../../src/agent/records/cluster/layerSharedOwnership.ts"
import { StateOwnership } from "../../../../src/agent/records/StateOwnership.ts"
import { agentVersion } from "../../../../src/agent/version.ts"
import { defaultTimes } from "../../../../src/cluster/RunnerTimes.ts"
import { shardingConfig } from "../../../../src/cluster/shardingConfig.ts"
import { layerSharedLock } from "../../../../src/cluster/shareLock.ts"
import { withPassingTime } from "../../../../src/testing/withPassingTime.ts"
import { asAdministrator, layerIn, newSchema } from "../../../postgres/PostgresStores.ts"
import type { TestPostgres } from "../../../postgres/startPostgres.ts"

const common = { ...defaultTimes, version: agentVersion }

export const sharedLock = (server: TestPostgres) =>
  describe("a state on Postgres that runners share", () => {
    const setUp = Effect.gen(function* () {
      const schema = newSchema()
      /** An agent or a command, with connections of its own. */
      const open = Layer.build(Layer.provideMerge(StateOwnership.layer, layerIn(server, schema)).pipe(Layer.fresh))
      const { hold, holdForAMoment, isHeld, unlock, write } = Context.get(yield* open, StateOwnership)
      /** A runner, likewise. */
      const share = Effect.gen(function* () {
        const scope = yield* Scope.fork(yield* Effect.scope)
        yield* Layer.buildWithScope(Layer.fresh(Layer.provide(layerSharedLock(common), layerIn(server, schema))), scope)
        return { leave: Scope.close(scope, Exit.void) }
      })
      return { hold, holdForAMoment, isHeld, schema, share, unlock, write }
    })
    const endSessions = asAdministrator(
      server,
      (sql) => sql`SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'`,
    )
    const hasTriedToShare = asAdministrator(server, (sql) =>
      Effect.map(
        sql`SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_try_advisory_lock_shared%'`,
        (rows) => rows.length > 0,
      ),
    )
    const errorOf = <A, E, R>(effect: Effect.Effect<A, E, R>) => withPassingTime(Effect.flip(Effect.scoped(effect)))
    const refusalOf = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.map(errorOf(effect), ({ _tag }) => _tag)
    /** A runner that has said that it is there, and whose session of the lock is lost. */
    const register = Effect.fnUntraced(function* (schema: string) {
      const identity = { host: "127.0.0.1", port: 7301, namespaces: ["Notes"] }
      const runners = SqlRunnerStorage.layer.pipe(
        Layer.provide(ShardingConfig.layer(shardingConfig(identity))),
        Layer.provideMerge(layerIn(server, schema)),
      )
      const built = yield* Layer.build(Layer.fresh(runners))
      const [sql, storage] = [Context.get(built, SqlClient), Context.get(built, RunnerStorage.RunnerStorage)]
      const address = RunnerAddress.make(identity.host, identity.port)
      yield* storage.register(new Runner.Runner({ address, groups: ["default"], weight: 1 }), true)
      return { address, sql, storage }
    })

    it.effect("is held by no agent and no command while there is a runner, and shared by none while one holds it", () =>
      Effect.gen(function* () {
        const { hold, holdForAMoment, isHeld, share, unlock } = yield* setUp
        const [first, second] = [yield* share, yield* share]
        assert.strictEqual(yield* refusalOf(hold), "StateInUse")
        assert.strictEqual(yield* refusalOf(unlock), "StateInUse")
        yield* first.leave
        assert.isTrue(yield* isHeld)
        assert.strictEqual(yield* refusalOf(hold), "StateInUse")
        yield* second.leave
        assert.isFalse(yield* isHeld)
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* hold
            const error = yield* Effect.flip(share)
            assert.strictEqual(error._tag, "HeldAlone")
            assert.match(error.message, /^A formae \(pid \d+ on .+, since .+Z\) holds the state alone\. Stop it/)
            assert.include(error.message, `(pid ${process.pid} on `)
          }),
        )
        // One who has it for a moment only is waited for.
        const moment = yield* Scope.fork(yield* Effect.scope)
        yield* Scope.provide(holdForAMoment, moment)
        const started = yield* Effect.forkScoped(share, { startImmediately: true })
        yield* Effect.repeat(hasTriedToShare, { until: (is) => is })
        yield* Scope.close(moment, Exit.void)
        yield* withPassingTime(Fiber.join(started))
      }),
    )

    it.effect("is marked so again when the session of a runner was lost", () =>
      Effect.gen(function* () {
        const { hold, isHeld, share } = yield* setUp
        yield* share
        yield* endSessions
        assert.isFalse(yield* isHeld)
        yield* withPassingTime(Effect.repeat(isHeld, { until: (is) => is }))
        assert.strictEqual(yield* refusalOf(hold), "StateInUse")
      }),
    )

    it.effect(
      "is held alone by nobody before the lease of each runner has ended, also where its session was lost",
      () =>
        Effect.gen(function* () {
          const { hold, schema, unlock } = yield* setUp
          const { address, sql, storage } = yield* register(schema)
          for (const refused of [Effect.asVoid(hold), Effect.asVoid(unlock)]) {
            const { _tag, message } = yield* errorOf(refused)
            assert.strictEqual(_tag, "StateInUse")
            assert.strictEqual(message, "The runner 127.0.0.1:7301 is using this state; nothing was changed")
          }
          const pass = (seconds: number) =>
            sql`UPDATE cluster_runners SET last_heartbeat = last_heartbeat - ${seconds} * INTERVAL '1 second'`
          yield* pass(9)
          assert.strictEqual(yield* refusalOf(hold), "StateInUse")
          yield* pass(3)
          yield* Effect.scoped(hold)
          yield* storage.refresh(address, [])
          assert.strictEqual(yield* refusalOf(hold), "StateInUse")
          yield* storage.unregister(address)
          yield* Effect.scoped(hold)
        }),
    )

    it.effect("is not locked for a moment by a command that is refused, so that a runner can start just then", () =>
      Effect.gen(function* () {
        const { hold, schema, share } = yield* setUp
        const { sql } = yield* register(schema)
        const waits = Effect.map(
          sql`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'cluster_runners'::regclass`,
          (rows) => rows.length > 0,
        )
        const refused = yield* sql.withTransaction(
          Effect.gen(function* () {
            yield* sql`LOCK TABLE cluster_runners IN ACCESS EXCLUSIVE MODE`
            const asked = yield* Effect.forkScoped(errorOf(hold), { startImmediately: true })
            yield* withPassingTime(Effect.repeat(waits, { until: (is) => is }))
            yield* share
            return asked
          }),
        )
        assert.strictEqual((yield* Fiber.join(refused))._tag, "StateInUse")
      }),
    )

    it.effect("P17: takes no write of a runner while one holds it alone", () =>
      Effect.gen(function* () {
        const { hold, schema } = yield* setUp
        const runner = Layer.provideMerge(layerSharedOwnership, Holders.layer("one")).pipe(
          Layer.provide(layerIn(server, schema)),
        )
        const { write } = Context.get(yield* Layer.build(Layer.fresh(runner)), StateOwnership)
        yield* write(Effect.void)
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* hold
            const { _tag, message } = yield* Effect.flip(write(Effect.die("it was written")))
            assert.strictEqual(_tag, "StateTaken")
            assert.match(message, /^A formae \(pid \d+ on .+, since .+Z\) has taken the whole state/)
          }),
        )
        yield* write(Effect.void)
      }),
    )

    it.effect("P17: takes no write of an agent that held it alone and has lost its session before", () =>
      Effect.gen(function* () {
        const { hold, share, write } = yield* setUp
        yield* hold
        yield* write(Effect.void)
        yield* endSessions
        yield* share
        assert.strictEqual((yield* Effect.flip(write(Effect.die("it was written"))))._tag, "StateTaken")
      }),
    )
  })
