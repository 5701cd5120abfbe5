/** Runners that share the rate limit of one provider, which writes down how many requests reach it. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { makeLease } from "../../../src/agent/launch/Lease.ts"
import { RateShares } from "../../../src/agent/launch/RateShares.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { makeRunnerShares } from "../../../src/cluster/rates/RunnerShares.ts"
import { readShares } from "../../../src/cluster/rates/ShareRows.ts"
import { whole } from "../../../src/cluster/rates/shareDecision.ts"
import { fastTimes } from "../../../src/cluster/RunnerTimes.ts"
import { definePlugin, defineResource, inProcess } from "../../../src/plugin/index.ts"
import { NativeId, OperationId, ResourceType } from "../../../src/protocol/Identity.ts"
import { defaultOperatorSettings } from "../../../src/protocol/Settings.ts"
import { layerTestStore } from "../../../src/testing/TestStore.ts"
import { elapse } from "../../agent/supervision/supervised.ts"
import { unobserved } from "../../operator/operations.ts"

/** Requests a second, of all runners together. */
export const perSecond = 10

/** A provider that writes down who asks it, and when. */
const makeProvider = () => {
  const requests: Array<{ readonly by: string; readonly at: number }> = []
  const pluginOf = (by: string) => {
    const Thing = defineResource({
      type: "Limited::Of::Thing",
      idempotency: "none",
      target: Schema.Struct({}),
      properties: Schema.Struct({}),
      create: () => Effect.never,
      read: () =>
        Effect.map(Clock.currentTimeMillis, (at) => {
          requests.push({ by, at })
          return {}
        }),
      delete: () => Effect.never,
    })
    return inProcess(definePlugin({ name: "limited", namespace: "Limited", version: "1.0.0", types: [Thing] }))
  }
  return { requests, pluginOf }
}

const read = {
  _tag: "Read",
  operationId: OperationId.make("read"),
  resourceType: ResourceType.make("Limited::Of::Thing"),
  targetConfig: {},
  label: "it",
  nativeId: NativeId.make("thing"),
} as const

/** The same database, whose answers to updates come when `answered` has completed. */
const withLateAnswers = (sql: SqlClient, answered: Effect.Effect<void>): SqlClient =>
  new Proxy(sql, {
    apply: (target, self, given) => {
      const statement = Reflect.apply(target, self, given)
      return String(given[0]).includes("UPDATE") ? Effect.tap(statement, () => answered) : statement
    },
  })

/** A provider, and a database for its runners. */
export const setUp = Effect.gen(function* () {
  const { pluginOf, requests } = makeProvider()
  const store = yield* Layer.build(Layer.fresh(layerTestStore))
  const scope = yield* Effect.scope

  /** Begins a runner that reads as often as it may. */
  const join = Effect.fnUntraced(function* (name: string) {
    const shares = yield* makeRunnerShares(name)
    const lease = shares.leased(yield* makeLease)
    const own = yield* Scope.fork(scope)
    const coordinator = PluginCoordinator.layerInProcess([pluginOf(name)], {
      operator: { ...defaultOperatorSettings, rateLimit: { perSecond, burst: 1 } },
    })
    const built = yield* Layer.buildWithScope(coordinator, own).pipe(Effect.provideService(RateShares, shares.shares))
    let answered: Effect.Effect<void> = Effect.void
    const late = Effect.suspend(() => answered)
    const sql = withLateAnswers(Context.get(store, SqlClient), late)
    yield* shares.keep(["Limited"], fastTimes).pipe(Scope.provide(own), Effect.provideService(SqlClient, sql))
    const operator = yield* Context.get(built, PluginCoordinator).operator({
      namespace: "Limited",
      resourceUri: "forma/it",
      operation: "Read",
      operationId: read.operationId,
    })
    const reads = Effect.forever(operator.perform(read, unobserved))
    yield* Effect.forkIn(Effect.all([reads, reads, reads, reads], { concurrency: "unbounded" }), own)
    return {
      lease,
      part: () => shares.shares.of("Limited"),
      /** Holds the next answer of the database back until this completes. */
      answerAfter: (come: Effect.Effect<void>) => {
        answered = Effect.suspend(() => {
          answered = Effect.void
          return come
        })
      },
      /** As a launch of its plugin, which answers so. */
      follow: (answer: Effect.Effect<boolean>) => shares.shares.follow("Limited", answer),
      /** As kill -9: its share is not given back. */
      kill: Scope.close(own, Exit.void),
      leave: Effect.andThen(Scope.close(own, Exit.void), Effect.provideContext(shares.end, store)),
    }
  })
  const countOf = (by: string, from: number) => requests.filter((one) => one.by === by && one.at >= from).length
  return {
    join,
    requests,
    /** How many requests each of them makes in ten seconds. */
    inTenSeconds: Effect.fnUntraced(function* (...names: ReadonlyArray<string>) {
      const from = yield* Clock.currentTimeMillis
      for (let second = 0; second < 10; second += 1) yield* elapse("1 second")
      return names.map((name) => countOf(name, from + 1))
    }),
    partsNow: Effect.map(Effect.provideContext(readShares, store), ([found]) =>
      found?.shares
        .map(({ parts, runner }) => [runner, parts / whole] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  }
})
