/** The lock of a schema: one agent holds it alone, or runners share it. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
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
import { shardingConfig } from "../../../../src/cluster/shardingConfig.ts"
import { layerSharedLock } from "../../../../src/cluster/shareLock.ts"
import { withPassingTime } from "../../../../src/testing/withPassingTime.ts"
import { asAdministrator, layerIn, newSchema } from "../../../postgres/PostgresStores.ts"
import type { TestPostgres } from "../../../postgres/startPostgres.ts"

export const sharedLock = (server: TestPostgres) =>
  describe("a state on Postgres that runners share", () => {
    const setUp = Effect.gen(function* () {
      const schema = newSchema()
      /** An agent or a command, with connections of its own. */
      const open = Layer.build(Layer.provideMerge(StateOwnership.layer, layerIn(server, schema)).pipe(Layer.fresh))
      const { hold, isHeld, unlock, write } = Context.get(yield* open, StateOwnership)
      /** A runner, likewise. */
      const share = Effect.gen(function* () {
        const scope = yield* Scope.fork(yield* Effect.scope)
        yield* Layer.buildWithScope(Layer.fresh(Layer.provide(layerSharedLock, layerIn(server, schema))), scope)
        return { leave: Scope.close(scope, Exit.void) }
      })
      return { hold, isHeld, schema, share, unlock, write }
    })
    const endSessions = asAdministrator(
      server,
      (sql) => sql`SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'`,
    )
    const refusalOf = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>) =>
      withPassingTime(Effect.map(Effect.flip(Effect.scoped(effect)), ({ _tag }) => _tag))

    it.effect("is held by no agent and no command while there is a runner, and shared by none while one holds it", () =>
      Effect.gen(function* () {
        const { hold, isHeld, share, unlock } = yield* setUp
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
            assert.include(error.message, "holds the state alone. Stop it, or wait for its end")
          }),
        )
        yield* share
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
          const { hold, schema } = yield* setUp
          const identity = { host: "127.0.0.1", port: 7301, namespaces: ["Notes"] }
          const runners = SqlRunnerStorage.layer.pipe(
            Layer.provide(ShardingConfig.layer(shardingConfig(identity))),
            Layer.provideMerge(layerIn(server, schema)),
          )
          const built = yield* Layer.build(Layer.fresh(runners))
          const [sql, storage] = [Context.get(built, SqlClient), Context.get(built, RunnerStorage.RunnerStorage)]
          const address = RunnerAddress.make(identity.host, identity.port)
          yield* storage.register(new Runner.Runner({ address, groups: ["default"], weight: 1 }), true)
          assert.strictEqual(yield* refusalOf(hold), "StateInUse")
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
            assert.strictEqual((yield* Effect.flip(write(Effect.die("it was written"))))._tag, "StateTaken")
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
