import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"

import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { AgentProcesses } from "../../../src/agent/store/AgentProcesses.ts"
import { CommandLock } from "../../../src/agent/records/CommandLock.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "../store/temporaryFolder.ts"

/** The start of each running process, by process id. Null where the system does not tell. */
type Running = Readonly<Record<number, string | null>>

/** The lock as the process `pid` of `host` sees it while the processes `running` run. */
const lockOf = (store: Layer.Layer<SqlClient.SqlClient>, pid: number, running: Running, host = "here") =>
  Layer.build(
    CommandLock.layerNoDeps.pipe(
      Layer.provide([
        store,

        Layer.succeed(AgentProcesses, {
          pid,
          host,
          start: running[pid] ?? null,
          isRunning: (other, start) => {
            const found = running[other]
            return Effect.succeed(found !== undefined && (found === null || start === null || found === start))
          },
        }),
      ]),
    ),
  ).pipe(Effect.map(Context.get(CommandLock)))

/** A row that the process `pid` has left behind. An earlier version has written no `start`. */
const leave = (store: Layer.Layer<SqlClient.SqlClient>, pid: number, start: string | null) =>
  Effect.provide(
    Effect.flatMap(
      SqlClient.SqlClient,
      (sql) =>
        sql`INSERT INTO command_lock (id, owner, pid, host, started_at, process_start) VALUES (1, 'dead', ${pid}, 'here', 0, ${start})`,
    ),
    store,
  )

/** The same file each time it is built, as for several processes. */
const stateFile = Effect.map(temporaryFolder, (folder) =>
  Layer.fresh(Store.layerFile(join(folder, "state.db"))).pipe(Layer.provide(NodeServices.layer), Layer.orDie),
)

/** A command that is killed: its lock is never released. */
const holdForEver = (lock: CommandLock["Service"]) => Effect.provideService(lock.hold, Scope.Scope, Scope.makeUnsafe())

describe("the lock of a state", () => {
  it.effect("is refused while another process holds it, and free once it is released", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      const one = yield* lockOf(store, 11, { 11: null, 12: null })
      const other = yield* lockOf(store, 12, { 11: null, 12: null })
      yield* TestClock.setTime(Date.UTC(2026, 1, 3, 4, 5, 6))
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* one.hold
          const error = yield* Effect.flip(Effect.scoped(other.hold))
          assert.strictEqual(
            error.message,
            "Another formae (pid 11, since 2026-02-03T04:05:06.000Z) is using this state; nothing was changed",
          )
        }),
      )
      yield* Effect.scoped(other.hold)
    }),
  )

  it.effect("is refused to a second command of the same process, through the same store or another", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      const one = yield* lockOf(store, 11, { 11: null })
      const again = yield* lockOf(store, 11, { 11: null })
      yield* one.hold
      for (const lock of [one, again]) {
        const error = yield* Effect.flip(Effect.scoped(lock.hold))
        assert.deepInclude(error, { _tag: "StateInUse", pid: 11 })
      }
    }),
  )

  it.effect("is given to only one of many that want it at once", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      const five = { 1: null, 2: null, 3: null, 4: null, 5: null }
      const locks = yield* Effect.forEach([1, 2, 3, 4, 5], (pid) => lockOf(store, pid, five))
      const results = yield* Effect.forEach(locks, ({ hold }) => Effect.exit(hold), { concurrency: "unbounded" })
      assert.lengthOf(
        results.filter(({ _tag }) => _tag === "Success"),
        1,
      )
    }),
  )
})

describe("the lock of a state whose owner may be gone", () => {
  it.effect("is taken over from a process that is gone", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      yield* holdForEver(yield* lockOf(store, 11, { 11: null }))
      const heir = yield* lockOf(store, 12, { 12: null })
      yield* Effect.scoped(heir.hold)
      yield* Effect.scoped(heir.hold)
    }),
  )

  it.effect("is taken over from an earlier process that had the id of this one, as in a container", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      yield* leave(store, 7, null)
      yield* Effect.scoped((yield* lockOf(store, 7, { 7: null })).hold)
    }),
  )

  it.effect.each([
    ["another process has its id now", { 11: "later", 12: "b" }, "earlier", true],
    ["it is running", { 11: "same", 12: "b" }, "same", false],
    ["the starts of processes are not known", { 11: null, 12: null }, "earlier", false],
    ["an earlier version has written no start", { 11: "later", 12: "b" }, null, false],
  ] as const)("is taken over only if the process that holds it is gone: %s", ([, all, start, isGone]) =>
    Effect.gen(function* () {
      const store = yield* stateFile
      yield* leave(store, 11, start)
      const lock = yield* lockOf(store, 12, all)
      assert.strictEqual(yield* lock.isHeld, !isGone)
      const result = yield* Effect.result(Effect.scoped(lock.hold))
      if (result._tag === "Success") {
        assert.deepInclude(result.success, { takenOver: true })
        assert.isTrue(isGone)
      } else {
        assert.deepInclude(result.failure, { _tag: "StateInUse", pid: 11 })
        assert.isFalse(isGone)
      }
    }),
  )

  it.effect("records the start of its process, which tells it from others with the same id", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      yield* holdForEver(yield* lockOf(store, 11, { 11: "one" }))
      const same = yield* lockOf(store, 12, { 11: "one", 12: "b" })
      assert.strictEqual((yield* Effect.flip(Effect.scoped(same.hold)))._tag, "StateInUse")
      const reused = yield* lockOf(store, 12, { 11: "two", 12: "b" })
      assert.deepInclude(yield* Effect.scoped(reused.hold), { takenOver: true })
    }),
  )

  it.effect("is not taken over from another host, whose processes cannot be seen here", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      yield* holdForEver(yield* lockOf(store, 11, {}, "there"))
      const here = yield* lockOf(store, 12, { 12: null })
      const error = yield* Effect.flip(Effect.scoped(here.hold))
      assert.include(error.message, "Another formae (pid 11 on there, since 1970-01-01T00:00:00.000Z)")
    }),
  )
})
