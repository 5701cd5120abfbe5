/** The lock that runners share, as they take it: by the client that is for the engine of the cluster. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as SemVer from "effect/SemVer"
import { SqlClient } from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { StateOwnership } from "../../../../src/agent/records/StateOwnership.ts"
import { agentVersion } from "../../../../src/agent/version.ts"
import { layerClusterClient } from "../../../../src/cluster/layerClusterClient.ts"
import { defaultTimes, fastTimes } from "../../../../src/cluster/RunnerTimes.ts"
import type { Common } from "../../../../src/cluster/sameRunners.ts"
import { layerSharedLock } from "../../../../src/cluster/shareLock.ts"
import { asAdministrator, layerIn, newSchema } from "../../../postgres/PostgresStores.ts"
import type { TestPostgres } from "../../../postgres/startPostgres.ts"

export const runnerLock = (server: TestPostgres) =>
  describe("the lock of runners on a state on Postgres", () => {
    const setUp = Effect.gen(function* () {
      const schema = newSchema()
      const agent = yield* Layer.build(Layer.fresh(Layer.provideMerge(StateOwnership.layer, layerIn(server, schema))))
      const { hold, holdForAMoment } = Context.get(agent, StateOwnership)
      const url = Redacted.make(server.urlOf(schema))
      /** A runner, with connections of its own. */
      const share = Effect.fnUntraced(function* (other: Partial<Common> = {}) {
        const scope = yield* Scope.fork(yield* Effect.scope)
        const client = yield* TestClock.withLive(
          Layer.buildWithScope(Layer.fresh(layerClusterClient({ schema, url })), scope),
        )
        yield* Layer.buildWithScope(layerSharedLock({ ...defaultTimes, version: agentVersion, ...other }), scope).pipe(
          Effect.provideService(SqlClient, Context.get(client, SqlClient)),
        )
        return { leave: Scope.close(scope, Exit.void) }
      })
      return { hold, holdForAMoment, share }
    })

    it.effect("is refused with who holds the state alone", () =>
      Effect.gen(function* () {
        const { hold, share } = yield* setUp
        yield* hold
        const error = yield* Effect.flip(share())
        assert.strictEqual(error._tag, "HeldAlone")
        assert.include(error.message, `(pid ${process.pid} on `)
      }),
    )

    it.effect("is refused to a runner of another version, or that keeps its documents for another time", () =>
      Effect.gen(function* () {
        const { share } = yield* setUp
        const runners = [yield* share(), yield* share()]
        const error = yield* Effect.flip(share(fastTimes))
        assert.strictEqual(error._tag, "OtherRunners")
        assert.include(error.message, "keep their documents for 12 s without a sign of life, and this one for 2.8 s")
        const later = yield* Effect.flip(share({ version: SemVer.parseUnsafe("12.34.5") }))
        assert.strictEqual(
          later.message,
          `The runners of the cluster are formae ${SemVer.format(agentVersion)}, and this one is 12.34.5. Stop all of them, and start all with the same version`,
        )
        yield* Effect.forEach(runners, ({ leave }) => leave)
        yield* share(fastTimes)
        assert.strictEqual((yield* Effect.flip(share()))._tag, "OtherRunners")
      }),
    )

    it.effect("is tried for with one session, as long as a command has the state for a moment", () =>
      Effect.gen(function* () {
        const { holdForAMoment, share } = yield* setUp
        const moment = yield* Scope.fork(yield* Effect.scope)
        yield* Scope.provide(holdForAMoment, moment)
        const lastTry = asAdministrator(
          server,
          (sql) =>
            sql`SELECT max(query_start)::text FROM pg_stat_activity WHERE query LIKE 'SELECT pg_try_advisory_lock_shared%'`
              .values,
        ).pipe(Effect.map(([row]) => row?.[0]))
        let before = yield* lastTry
        const started = yield* Effect.forkScoped(share(), { startImmediately: true })
        // More often than there are sessions.
        for (let tries = 0; tries < 6; tries++) {
          // It may not wait yet when the server has heard of it.
          const next = Effect.andThen(TestClock.adjust("10 millis"), lastTry)
          before = yield* Effect.repeat(next, { until: (at) => at !== before })
        }
        yield* Scope.close(moment, Exit.void)
        yield* Effect.repeat(
          Effect.andThen(
            TestClock.adjust("100 millis"),
            Effect.sync(() => started.pollUnsafe()),
          ),
          { until: (exit) => exit !== undefined },
        )
        yield* Fiber.join(started)
      }),
    )
  })
