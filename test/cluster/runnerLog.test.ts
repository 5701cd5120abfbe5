import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import { PersistenceError } from "effect/cluster/ClusterError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import * as TestClock from "effect/testing/TestClock"
import { layerRunnerLog, logWaiting } from "../../src/cluster/runnerLog.ts"

const server = "postgres://formae@db.example/infra"

const away = new SqlError({
  reason: new ConnectionError({ cause: new Error("connect ECONNREFUSED 10.0.0.5:5432"), message: "Failed to connect" }),
})
const persistence = new PersistenceError({ cause: away })
const refused = "the server cannot be reached (connect ECONNREFUSED 10.0.0.5:5432)"
const late = new Cause.TimeoutError("Operation timed out after '1s 300ms'")

const byEngine = Effect.annotateLogs({ module: "effect/cluster/Sharding", fiber: "Storage read loop" })
const notRead = byEngine(Effect.logWarning("Could not read messages from storage", Cause.fail(persistence)))
// As the engine logs them: what the fibers of its leases say has no annotation.
const unhealthy = Effect.logError("Shard lock storage is unhealthy", Cause.fail(late))
const stillUnhealthy = Effect.logWarning("Shard lock storage is still unhealthy", Cause.fail(persistence))
const recovered = Effect.logInfo("Shard lock storage has recovered")
const listening = Effect.annotateLogs(Effect.logInfo("Listening on: 127.0.0.1:7301"), {
  package: "@effect/cluster",
  service: "Runner",
})

type Level = "Debug" | "Info"

/** What a person reads of what a runner logs. */
const linesOf = Effect.fnUntraced(function* (logged: Effect.Effect<unknown>, level: Level = "Info") {
  const lines: Array<string> = []
  const logger = Logger.make<unknown, void>(({ cause, logLevel, message }) => {
    const words = (Array.isArray(message) ? message : [message]).map(String)
    lines.push([logLevel, ...words, ...(cause.reasons.length === 0 ? [] : [Cause.pretty(cause)])].join(" "))
  })
  yield* logged.pipe(
    Effect.provide(Layer.provide(layerRunnerLog(server), Logger.layer([logger]))),
    Effect.provideService(References.MinimumLogLevel, level),
  )
  return lines
})

const each = (effect: Effect.Effect<unknown>, times: number, millis: number) =>
  Effect.repeat(Effect.andThen(effect, TestClock.adjust(millis)), { times: times - 1 })

describe("the log of a runner", () => {
  it.effect("says once that its database is lost, each half minute that it still is, and when it is back", () =>
    Effect.gen(function* () {
      const lines = yield* linesOf(
        Effect.gen(function* () {
          yield* each(notRead, 4, 500)
          yield* unhealthy
          yield* each(Effect.andThen(notRead, stillUnhealthy), 70, 1_000)
          yield* each(logWaiting("The state is not marked as shared", away), 2, 5_000)
          yield* recovered
          yield* each(notRead, 2, 500)
        }),
      )
      assert.deepEqual(lines, [
        `Warn The database ${server} is lost: ${refused}. This runner has stopped what it had, and tries again until the database is back`,
        `Warn The database is still away, for 30 s now: ${refused}`,
        `Warn The database is still away, for 60 s now: ${refused}`,
        "Info The database is back after 80 s. This runner takes part again",
      ])
    }),
  )

  it.effect("tells what goes on although the leases are renewed, and each half minute", () =>
    Effect.gen(function* () {
      const lines = yield* linesOf(each(notRead, 90, 500))
      assert.deepEqual(lines, Array(2).fill(`Warn The cluster waits for the database: ${refused}`))
    }),
  )

  it.effect("leaves all as it is that is of something else", () =>
    Effect.gen(function* () {
      const defect = Effect.annotateLogs(Effect.logError("Defect in entity, restarting", Cause.die("a bug")), {
        module: "EntityManager",
      })
      const lines = yield* linesOf(Effect.andThen(Effect.logInfo("The document is there", 7), defect))
      assert.strictEqual(lines[0], "Info The document is there 7")
      assert.match(lines[1] ?? "", /^Error Defect in entity, restarting .*a bug/)
      assert.lengthOf(lines, 2)
    }),
  )

  it.effect("loses nothing at level Debug", () =>
    Effect.gen(function* () {
      const all = Effect.all([listening, notRead, unhealthy, stillUnhealthy, recovered, logWaiting("It waits", away)])
      const lines = yield* linesOf(all, "Debug")
      const starts = [
        "Debug Listening on: 127.0.0.1:7301",
        "Debug Could not read messages from storage",
        "Debug Shard lock storage is unhealthy TimeoutError",
        `Warn The database ${server} is lost`,
        "Debug Shard lock storage is still unhealthy",
        "Debug Shard lock storage has recovered",
        "Info The database is back",
        "Debug It waits: ",
      ]
      assert.deepEqual(
        lines.map((line, index) => line.slice(0, starts[index]?.length)),
        starts,
      )
      assert.deepEqual(yield* linesOf(listening), [])
    }),
  )
})
