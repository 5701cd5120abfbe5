/** The lock of a schema: one agent holds it alone, or runners share it. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { StateOwnership } from "../../../../src/agent/records/StateOwnership.ts"
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
      return { hold, isHeld, share, unlock, write }
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
