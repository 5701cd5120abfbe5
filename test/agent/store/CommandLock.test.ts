import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { AgentProcesses } from "../../../src/agent/store/AgentProcesses.ts"
import { CommandLock } from "../../../src/agent/store/CommandLock.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** A lock as the process `pid` of `host` sees it, where the processes `running` live. */
const lockOf = (store: Layer.Layer<SqlClient.SqlClient>, pid: number, running: ReadonlyArray<number>, host = "here") =>
  Layer.build(
    CommandLock.layerNoDeps.pipe(
      Layer.provide([
        store,
        SecureRandom.layerWebCrypto,
        Layer.succeed(AgentProcesses, {
          pid,
          host,
          isRunning: (other: number) => Effect.succeed(running.includes(other)),
        }),
      ]),
    ),
  ).pipe(Effect.map(Context.get(CommandLock)))

/** The same file for each that opens it, as processes would. */
const stateFile = Effect.map(temporaryFolder, (folder) =>
  Layer.fresh(Store.layerFile(join(folder, "state.db"))).pipe(Layer.provide(NodeServices.layer), Layer.orDie),
)

/** A command that is killed: its lock is never given back. */
const holdForEver = (lock: CommandLock["Service"]) => Effect.provideService(lock.hold, Scope.Scope, Scope.makeUnsafe())

describe("the lock of a state", () => {
  it.effect("is refused while another process holds it, and free once it is given back", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      const one = yield* lockOf(store, 11, [11, 12])
      const other = yield* lockOf(store, 12, [11, 12])
      yield* TestClock.setTime(Date.UTC(2026, 1, 3, 4, 5, 6))
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* one.hold
          const error = yield* Effect.flip(Effect.scoped(other.hold))
          assert.strictEqual(
            error.message,
            "Another formae (pid 11, since 2026-02-03T04:05:06.000Z) is using this state; nothing was changed. Wait for it, or name another state file with --state",
          )
        }),
      )
      yield* Effect.scoped(other.hold)
    }),
  )

  it.effect("is refused to a second command of the same process, through the same store or another", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      const one = yield* lockOf(store, 11, [11])
      const again = yield* lockOf(store, 11, [11])
      yield* one.hold
      for (const lock of [one, again]) {
        const error = yield* Effect.flip(Effect.scoped(lock.hold))
        assert.deepInclude(error, { _tag: "StateInUse", pid: 11 })
      }
    }),
  )

  it.effect("is given to one of many that want it at once", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      const locks = yield* Effect.forEach([1, 2, 3, 4, 5], (pid) => lockOf(store, pid, [1, 2, 3, 4, 5]))
      const results = yield* Effect.forEach(locks, ({ hold }) => Effect.exit(hold), { concurrency: "unbounded" })
      assert.lengthOf(
        results.filter(({ _tag }) => _tag === "Success"),
        1,
      )
    }),
  )

  it.effect("is taken over from a process that is gone", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      yield* holdForEver(yield* lockOf(store, 11, [11]))
      const heir = yield* lockOf(store, 12, [12])
      yield* Effect.scoped(heir.hold)
      yield* Effect.scoped(heir.hold)
    }),
  )

  it.effect("is taken over from an earlier process that had the id of this one, as in a container", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      yield* Effect.provide(
        Effect.flatMap(
          SqlClient.SqlClient,
          (sql) => sql`INSERT INTO command_lock (id, owner, pid, host, started_at) VALUES (1, 'dead', 7, 'here', 0)`,
        ),
        store,
      )
      yield* Effect.scoped((yield* lockOf(store, 7, [7])).hold)
    }),
  )

  it.effect("is not taken over from another host, of which nobody here can tell", () =>
    Effect.gen(function* () {
      const store = yield* stateFile
      yield* holdForEver(yield* lockOf(store, 11, [], "there"))
      const here = yield* lockOf(store, 12, [12])
      const error = yield* Effect.flip(Effect.scoped(here.hold))
      assert.include(error.message, "Another formae (pid 11 on there, since 1970-01-01T00:00:00.000Z)")
      assert.include(error.message, "delete the row of the table command_lock")
    }),
  )
})

describe("the processes of this host", () => {
  it.effect("are told from those that are gone", () =>
    Effect.gen(function* () {
      const { isRunning, pid } = yield* AgentProcesses
      assert.strictEqual(pid, process.pid)
      assert.isTrue(yield* isRunning(process.pid))
      assert.isTrue(yield* isRunning(1))
      assert.isFalse(yield* isRunning(2 ** 22 + 1))
    }).pipe(Effect.provide(AgentProcesses.layer)),
  )
})
