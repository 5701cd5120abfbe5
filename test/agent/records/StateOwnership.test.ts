import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { AgentProcesses } from "../../../src/agent/store/AgentProcesses.ts"
import { StateLock } from "../../../src/agent/store/StateLock.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "../store/temporaryFolder.ts"

/** The start of each running process, by process id. Null where the system does not tell. */
type Running = Readonly<Record<number, string | null>>
type Ownership = StateOwnership["Service"]
type Client = SqlClient.SqlClient

/** A state file, and who sees which processes there. */
const makeState = Effect.map(temporaryFolder, (folder) => {
  const file = join(folder, "state.db")
  const store = Layer.fresh(Store.layerFile(file)).pipe(Layer.provide(NodeServices.layer), Layer.orDie)
  const agent =
    (lock: Layer.Layer<StateLock, never, AgentProcesses>) =>
    (pid: number, running: Running = {}, host = "here"): Effect.Effect<Ownership, never, Scope.Scope> => {
      const processes = Layer.succeed(AgentProcesses, {
        pid,
        host,
        start: running[pid] ?? null,
        isRunning: (other, start) => {
          const found = running[other]
          return Effect.succeed(found !== undefined && (found === null || start === null || found === start))
        },
      })
      return StateOwnership.layerNoDeps.pipe(
        Layer.provide(lock),
        Layer.provide([store, processes]),
        Layer.build,
        Effect.map(Context.get(StateOwnership)),
      )
    }
  return {
    file,
    /** With the lock of the file. */
    withFile: agent(Layer.fresh(StateLock.layerFileNoDeps(file))),
    /** With nothing but the processes, as in a database of the host's own. */
    withProcesses: agent(Layer.fresh(StateLock.layerProcessesNoDeps)),
    sql: <A, E>(use: (sql: Client) => Effect.Effect<A, E>) => Effect.provide(SqlClient.SqlClient.use(use), store),
  }
})

/** A holder whose scope is never closed. */
const holdForEver = ({ hold }: Ownership) => Effect.provideService(hold, Scope.Scope, Scope.makeUnsafe())

const refusal = ({ hold }: Ownership) => Effect.flip(Effect.scoped(hold))

/** A row that a process has left behind. */
const leave = (
  sql: Client,
  {
    epoch = 4,
    host = "here",
    kind,
    pid,
    start,
  }: {
    readonly epoch?: number
    readonly host?: string
    readonly kind: "lock" | "process"
    readonly pid: number
    readonly start: string | null
  },
) =>
  sql`
    UPDATE state_ownership SET
      epoch = ${epoch}, owner = 'dead', kind = ${kind}, pid = ${pid}, host = ${host}, process_start = ${start}, since = 0`

describe.each(["withFile", "withProcesses"] as const)("a state (%s)", (kind) => {
  it.effect("is refused while another agent holds it, and free once it was given back", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const both = { 11: null, 12: null }
      const one = yield* state[kind](11, both)
      const other = yield* state[kind](12, both)
      yield* TestClock.setTime(Date.UTC(2026, 1, 3, 4, 5, 6))
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { epoch } = yield* one.hold
          assert.strictEqual(epoch, 1)
          assert.strictEqual(
            (yield* refusal(other)).message,
            "Another formae (pid 11, since 2026-02-03T04:05:06.000Z) is using this state; nothing was changed",
          )
          assert.isTrue(yield* other.isHeld)
          assert.isTrue(yield* one.isHeld)
        }),
      )
      assert.isFalse(yield* other.isHeld)
      const second = yield* Effect.scoped(other.hold)
      assert.deepInclude(second, { epoch: 2, takenOver: false })
    }),
  )

  it.effect("is given to only one of many that want it at once", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const five = { 1: null, 2: null, 3: null, 4: null, 5: null }
      const agents = yield* Effect.forEach([1, 2, 3, 4, 5], (pid) => state[kind](pid, five))
      const results = yield* Effect.forEach(agents, ({ hold }) => Effect.exit(hold), { concurrency: "unbounded" })
      assert.lengthOf(results.filter(Exit.isSuccess), 1)
    }),
  )

  it.effect("is shared by the commands of one agent, until the last one gives it back", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const both = { 11: null, 12: null }
      const one = yield* state[kind](11, both)
      const other = yield* state[kind](12, both)
      const [first, second] = [yield* Scope.make(), yield* Scope.make()]
      const holdings = yield* Effect.forEach([first, second], (scope) => Scope.provide(one.hold, scope))
      assert.strictEqual(holdings[0]?.epoch, holdings[1]?.epoch)
      yield* Scope.close(first, Exit.void)
      assert.strictEqual((yield* refusal(other))._tag, "StateInUse")
      yield* one.write(Effect.void)
      yield* Scope.close(second, Exit.void)
      yield* Effect.scoped(other.hold)
    }),
  )

  it.effect("can be held again as soon as it is given back, and is never held by nobody meanwhile", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      // Each begins while the one before it gives the state back.
      yield* Effect.forEach(
        Array.from({ length: 30 }, (_, delay) => delay),
        (delay) =>
          Effect.forEach(Array.from({ length: delay }), () => Effect.yieldNow).pipe(
            Effect.andThen(Effect.scoped(Effect.andThen(one.hold, one.write(Effect.yieldNow)))),
          ),
        { concurrency: "unbounded" },
      )
    }),
  )

  it.effect("is not written by an agent that does not hold it", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      const error = yield* Effect.flip(one.write(Effect.die("it was written")))
      assert.strictEqual(error._tag, "StateTaken")
      assert.strictEqual(error.message, "This agent does not hold the state; nothing was written")
    }),
  )

  it.effect("is not written by a holder whose row was deleted, even if the next one has the same epoch", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      const { epoch } = yield* holdForEver(one)
      yield* state.sql((sql) => sql`DELETE FROM state_ownership`)
      const error = yield* Effect.flip(one.write(Effect.die("it was written")))
      assert.deepInclude(error, { _tag: "StateTaken", epoch })
      assert.include(error.message, "its holding was removed from the state")
      yield* state.sql((sql) =>
        Effect.andThen(
          sql`INSERT INTO state_ownership (id, epoch) VALUES (1, 0)`,
          leave(sql, { epoch, kind: "process", pid: 12, start: null }),
        ),
      )
      const again = yield* Effect.flip(one.write(Effect.die("it was written")))
      assert.deepInclude(again, { _tag: "StateTaken", epoch, pid: 12 })
    }),
  )

  it.effect("says that it was taken over if its row was deleted", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      yield* state.sql((sql) => sql`DELETE FROM state_ownership`)
      assert.deepInclude(yield* Effect.scoped(one.hold), { epoch: 1, takenOver: true })
    }),
  )

  it.effect("is free again when a command is interrupted while it takes it", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const one = yield* state[kind](11, { 11: null })
      for (let steps = 0; steps < 20; steps++) {
        const fiber = yield* Effect.forkChild(Effect.scoped(Effect.andThen(one.hold, Effect.never)))
        yield* Effect.forEach(Array.from({ length: steps }), () => Effect.yieldNow)
        yield* Fiber.interrupt(fiber)
        assert.isFalse(yield* one.isHeld)
      }
      yield* Effect.scoped(one.hold)
    }),
  )
})

describe("an agent that was replaced", () => {
  it.effect("writes nothing any more, neither what it begins then nor the rest of what it had begun", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const stale = yield* state.withProcesses(11, { 11: null }, "there")
      const heir = yield* state.withProcesses(12, { 12: null })
      yield* holdForEver(stale)
      yield* heir.unlock
      yield* heir.hold
      const error = yield* Effect.flip(stale.write(Effect.die("it was written")))
      assert.deepInclude(error, { _tag: "StateTaken", epoch: 1, pid: 12 })
      assert.include(error.message, "another formae (pid 12 on here, since 1970-01-01T00:00:00.000Z) has taken it over")
    }),
  )

  it.effect("does not free the state of its successor when it ends", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      const stale = yield* state.withProcesses(11, { 11: null }, "there")
      const heir = yield* state.withProcesses(12, { 12: null })
      const scope = yield* Scope.make()
      yield* Scope.provide(stale.hold, scope)
      yield* heir.unlock
      yield* heir.hold
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(yield* heir.isHeld)
      assert.deepInclude(yield* refusal(stale), { pid: 12 })
    }),
  )
})

describe("a row that a holder has left behind", () => {
  it.effect.each([
    ["its process is gone", { pid: 11, start: null, host: "here" }, { 12: null }],
    ["its process is running, under an id that was reused", { pid: 12, start: null, host: "here" }, { 12: null }],
    [
      "it was on another host, such as that of an earlier CI job",
      { pid: 11, start: null, host: "there" },
      { 12: null },
    ],
  ] as const)("means nothing where the lock of the file is free: %s", ([, left, running]) =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { ...left, kind: "lock" }))
      const heir = yield* state.withFile(12, running)
      assert.isFalse(yield* heir.isHeld)
      assert.deepInclude(yield* Effect.scoped(heir.hold), { epoch: 5, takenOver: true })
      assert.deepInclude(yield* Effect.scoped(heir.hold), { epoch: 6, takenOver: false })
    }),
  )

  it.effect.each([
    ["another process has its id now", { 11: "later", 12: "b" }, "earlier", true],
    ["it is running", { 11: "same", 12: "b" }, "same", false],
    ["the starts of processes are not known", { 11: null, 12: null }, "earlier", false],
    ["no start was written", { 11: "later", 12: "b" }, null, false],
    ["it is gone", { 12: "b" }, "earlier", true],
  ] as const)("is taken over where nothing is locked only if its process is gone: %s", ([, running, start, isGone]) =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 11, start }))
      for (const kind of ["withFile", "withProcesses"] as const) {
        const heir = yield* state[kind](12, running)
        assert.strictEqual(yield* heir.isHeld, !isGone)
        if (isGone) continue
        assert.deepInclude(yield* refusal(heir), { _tag: "StateInUse", pid: 11 })
      }
      if (!isGone) return
      assert.deepInclude(yield* Effect.scoped((yield* state.withProcesses(12, running)).hold), { takenOver: true })
    }),
  )

  it.effect("is taken over from an earlier process that had the id of this one, as in a container", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 7, start: null }))
      yield* Effect.scoped((yield* state.withProcesses(7, { 7: null })).hold)
    }),
  )

  it.effect("is not taken over from another host where nothing is locked, because its processes cannot be seen", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 11, start: null, host: "there" }))
      const error = yield* refusal(yield* state.withProcesses(12, { 12: null }))
      assert.include(error.message, "Another formae (pid 11 on there, since 1970-01-01T00:00:00.000Z)")
    }),
  )

  it.effect.each([
    ["a process of this host that is running", "here", false],
    ["another host, which would be refused for ever", "there", true],
  ] as const)("by a command of 0.1.0, which had no lock, is that of %s", ([, host, isFree]) =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { epoch: 0, kind: "process", pid: 11, start: null, host }))
      const heir = yield* state.withFile(12, { 11: null, 12: null })
      assert.strictEqual(yield* heir.isHeld, !isFree)
      assert.strictEqual(Exit.isSuccess(yield* Effect.exit(Effect.scoped(heir.hold))), isFree)
    }),
  )
})

describe("to unlock a state", () => {
  it.effect("removes a holder of another host, which can write nothing more", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 11, start: null, host: "there" }))
      const here = yield* state.withFile(12, { 12: null })
      assert.deepInclude(yield* refusal(here), { pid: 11 })
      const done = yield* here.unlock
      assert.deepInclude(done.removed, { pid: 11, host: "there" })
      assert.isTrue(done.wasElsewhere)
      assert.include(done.lock, "state.db.lock")
      assert.deepInclude(yield* Effect.scoped(here.hold), { epoch: 6, takenOver: false })
    }),
  )

  it.effect("does nothing where nobody holds it", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      assert.deepInclude(yield* (yield* state.withFile(12, { 12: null })).unlock, { removed: undefined })
    }),
  )

  it.effect.each(["withFile", "withProcesses"] as const)("is refused while a holder is seen (%s)", (kind) =>
    Effect.gen(function* () {
      const state = yield* makeState
      const both = { 11: null, 12: null }
      const one = yield* state[kind](11, both)
      yield* one.hold
      for (const other of [one, yield* state[kind](12, both), yield* state.withFile(12, both)]) {
        assert.deepInclude(yield* Effect.flip(other.unlock), { _tag: "StateInUse", pid: 11 })
      }
      yield* one.write(Effect.void)
    }),
  )
})

describe("a store in memory", () => {
  it.effect("is held by one agent at a time too", () =>
    Effect.gen(function* () {
      const store = yield* Layer.build(Layer.fresh(Store.layerMemory))
      const agent = Effect.map(
        Layer.build(Layer.fresh(StateOwnership.layer)).pipe(Effect.provideContext(store)),
        Context.get(StateOwnership),
      )
      const [one, other] = [yield* agent, yield* agent]
      const held = yield* Deferred.make<void>()
      const first = yield* Effect.forkChild(
        Effect.scoped(one.hold.pipe(Effect.andThen(Deferred.succeed(held, undefined)), Effect.andThen(Effect.never))),
      )
      yield* Deferred.await(held)
      assert.deepInclude(yield* refusal(other), { _tag: "StateInUse", pid: process.pid })
      yield* Fiber.interrupt(first)
      yield* Effect.scoped(other.hold)
    }),
  )
})
