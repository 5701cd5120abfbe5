import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Queue from "effect/Queue"
import { defaultRestartSettings } from "../../../src/agent/supervision/RestartPolicy.ts"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { exitsAtOnce, type FakeProgram, type FakeSpawn, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { awaitStarted, create, unobserved } from "../../operator/operations.ts"
import { elapse, makeSupervised, type SupervisedOptions, tagsOf, untilIdle } from "./supervised.ts"

const withMode = (SUITE_MODE: string) => ({ environment: { SUITE_MODE } })
const modeOf = ({ environment }: FakeSpawn) => environment["SUITE_MODE"]

/** A plugin that serves, and the first process. */
const serving = Effect.fnUntraced(function* (options: SupervisedOptions = {}) {
  const supervised = yield* makeSupervised(options)
  const found = yield* supervised.operator()
  const process = yield* supervised.nextReady
  const now = () => found.perform(create("Now", { Name: "a" }), unobserved)
  const recycle = (mode: string) =>
    Effect.forkChild(supervised.coordinator.recycle("suite", withMode(mode)), { startImmediately: true })
  const state = Effect.map(supervised.coordinator.status, ([status]) => status!.state)
  return { ...supervised, found, process, now, recycle, state }
})

/** Each process but the first does what `of` says once the gate is open. */
const gated = Effect.fnUntraced(function* (of: FakeProgram = serves(plugin)) {
  const gate = yield* Latch.make()
  const programOf = (spawn: FakeSpawn): FakeProgram =>
    spawn.number === 1 ? serves(plugin) : (process) => Effect.andThen(gate.await, of(process))
  return { gate, programOf }
})

const busy = Effect.fnUntraced(function* ({ found }: Effect.Success<ReturnType<typeof serving>>) {
  const slow = yield* Effect.forkChild(Effect.exit(found.perform(create("Slow", { Name: "a" }), unobserved)))
  yield* awaitStarted(found, "a")
  return slow
})

describe("a plugin that is launched with something else", () => {
  it.effect("is replaced at once if it is idle, and that is not a crash", () =>
    Effect.gen(function* () {
      const { coordinator, eventsSoFar, now, process, spawns } = yield* serving()
      assert.deepEqual(yield* coordinator.recycle("suite", withMode("new")), { _tag: "Replaced", generation: 2 })
      assert.strictEqual(modeOf((yield* Queue.take(spawns)).spawn), "new")
      assert.deepEqual(yield* process.ended, { code: 0, signal: null })
      assert.deepEqual(yield* eventsSoFar, [
        { _tag: "Recycling", plugin: "suite", generation: 1 },
        { _tag: "Launched", plugin: "suite", generation: 2 },
        { _tag: "Ready", plugin: "suite", generation: 2, pid: process.pid + 1, version: "1.2.3" },
        { _tag: "Replaced", plugin: "suite", generation: 1, by: 2 },
        { _tag: "Stopped", plugin: "suite", generation: 1 },
      ])
      assert.strictEqual((yield* now()).status, "Succeeded")
    }),
  )

  it.effect("is replaced as often as it must be, and is never quarantined for that", () =>
    Effect.gen(function* () {
      const { coordinator, eventsSoFar } = yield* serving({ policy: null })
      for (let generation = 2; generation < 22; generation++) {
        const result = yield* coordinator.recycle("suite", withMode(String(generation)))
        assert.deepEqual(result, { _tag: "Replaced", generation })
      }
      assert.notInclude(tagsOf(yield* eventsSoFar), "RestartingIn")
    }),
  )

  it.effect("is replaced at the next moment without a call, and serves until then", () =>
    Effect.gen(function* () {
      const { eventsSoFar, now, recycle, ...rest } = yield* serving()
      const slow = yield* busy({ eventsSoFar, now, recycle, ...rest })
      const recycling = yield* recycle("new")
      yield* elapse("4 minutes")
      assert.strictEqual((yield* now()).status, "Succeeded")
      assert.deepEqual(yield* eventsSoFar, [])
      yield* Fiber.interrupt(slow)
      assert.deepEqual(yield* Fiber.join(recycling), { _tag: "Replaced", generation: 2 })
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Recycling", "Launched", "Ready", "Replaced", "Stopped"])
    }),
  )

  it.effect("loses no call: one that comes while the new launch starts waits, and is served by that one", () =>
    Effect.gen(function* () {
      const { gate, programOf } = yield* gated()
      const { nextReady, now, process, recycle, state } = yield* serving({ programOf })
      const recycling = yield* recycle("new")
      yield* untilIdle
      assert.deepInclude(yield* state, { _tag: "Recycling", generation: 2 })
      const calls = yield* Effect.replicateEffect(Effect.forkChild(now(), { startImmediately: true }), 5)
      yield* untilIdle
      assert.isTrue(calls.every((call) => call.pollUnsafe() === undefined))
      yield* gate.open
      const next = yield* nextReady
      for (const call of calls) assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded")
      yield* Fiber.join(recycling)
      assert.deepEqual(yield* process.ended, { code: 0, signal: null })
      assert.isTrue(yield* next.isRunning)
    }),
  )

  it.effect("takes nothing more after five minutes without an idle moment, and then as at a stop", () =>
    Effect.gen(function* () {
      const supervised = yield* serving()
      const { eventsSoFar, now, process, recycle } = supervised
      const slow = yield* busy(supervised)
      const recycling = yield* recycle("new")
      yield* elapse("299 seconds")
      assert.strictEqual((yield* now()).status, "Succeeded")
      assert.deepEqual(yield* eventsSoFar, [])
      yield* elapse("1 second")
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Draining"])
      const late = yield* Effect.forkChild(now(), { startImmediately: true })
      yield* elapse("29 seconds")
      assert.isUndefined(late.pollUnsafe())
      assert.isTrue(yield* process.isRunning)
      yield* elapse("1 second")
      assert.deepEqual(yield* Fiber.join(recycling), { _tag: "Replaced", generation: 2 })
      assert.strictEqual((yield* Fiber.join(late)).status, "Succeeded")
      yield* elapse("10 seconds")
      // The agent asks the new launch what became of it.
      const cut = yield* Fiber.join(slow)
      assert.include(JSON.stringify(cut), `"ConnectionLost"`)
      assert.include(JSON.stringify(cut), `"sent":true`)
      assert.notInclude(tagsOf(yield* eventsSoFar), "Crashed")
    }),
  )

  it.effect("serves on if the new launch does not start, and restarts as it was launched before", () =>
    Effect.gen(function* () {
      const { coordinator, eventsSoFar, eventsUntil, now, process, state } = yield* serving({
        programOf: (spawn) => (modeOf(spawn) === "broken" ? exitsAtOnce(7, "no such mode\n") : serves(plugin)),
      })
      const result = yield* coordinator.recycle("suite", withMode("broken"))
      assert.strictEqual(result._tag, "Kept")
      const failed = (yield* eventsSoFar).at(-1)
      assert.deepInclude(failed, { _tag: "RecycleFailed", plugin: "suite", generation: 1 })
      // What it printed may have a secret in it: the caller is told, and the log, and no event has it.
      assert.include(result._tag === "Kept" ? result.error.message : "", "no such mode")
      assert.notInclude(JSON.stringify(failed), "no such mode")
      assert.include(JSON.stringify(failed), "it exited with code 7")
      assert.deepInclude(yield* state, { _tag: "Ready" })
      assert.isTrue(yield* process.isRunning)
      assert.strictEqual((yield* now()).status, "Succeeded")
      yield* process.exit(1)
      assert.deepEqual(tagsOf(yield* eventsUntil("Ready")), ["Crashed", "RestartingIn", "Launched", "Ready"])
      assert.strictEqual((yield* now()).status, "Succeeded")
    }),
  )

  it.effect("is replaced by a later try, once its new launch starts", () =>
    Effect.gen(function* () {
      const starts = { isBroken: true }
      const { coordinator, now, recycle } = yield* serving({
        programOf: (spawn) => (modeOf(spawn) === "new" && starts.isBroken ? exitsAtOnce(7) : serves(plugin)),
      })
      // The second one is asked for while the first one starts, or after it.
      const tries = [yield* recycle("new"), yield* recycle("new")]
      for (const one of tries) assert.strictEqual((yield* Fiber.join(one))._tag, "Kept")
      assert.strictEqual((yield* coordinator.recycle("suite", withMode("new")))._tag, "Kept")
      yield* untilIdle
      starts.isBroken = false
      assert.strictEqual((yield* coordinator.recycle("suite", withMode("new")))._tag, "Replaced")
      assert.strictEqual((yield* now()).status, "Succeeded")
    }),
  )

  it.effect("answers those who waited from the launch before, if the new one does not start", () =>
    Effect.gen(function* () {
      const { gate, programOf } = yield* gated(exitsAtOnce(1))
      const { now, operator, recycle } = yield* serving({ programOf })
      const recycling = yield* recycle("broken")
      yield* untilIdle
      const calls = yield* Effect.forEach([now(), Effect.andThen(operator(), now())], (call) =>
        Effect.forkChild(call, { startImmediately: true }),
      )
      yield* untilIdle
      yield* gate.open
      assert.strictEqual((yield* Fiber.join(recycling))._tag, "Kept")
      for (const call of calls) assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded")
    }),
  )

  it.effect("takes the newest of several changes, and all who asked hear of it", () =>
    Effect.gen(function* () {
      const { gate, programOf } = yield* gated()
      const { recycle, spawns } = yield* serving({ programOf })
      const changes = [yield* recycle("first")]
      yield* untilIdle
      changes.push(yield* recycle("second"), yield* recycle("third"))
      yield* untilIdle
      yield* gate.open
      const results = yield* Effect.forEach(changes, Fiber.join)
      assert.deepEqual(
        results.map(({ _tag }) => _tag),
        ["Replaced", "Replaced", "Replaced"],
      )
      const modes = (yield* Effect.andThen(untilIdle, Queue.clear(spawns))).map(({ spawn }) => modeOf(spawn))
      assert.deepEqual(modes, ["first", "third"])
    }),
  )

  it.effect("gets it with its next launch if none serves, and is replaced if one is just starting", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make()
      const { coordinator, operator, spawns } = yield* makeSupervised({
        programOf: () => (process) => Effect.andThen(gate.await, serves(plugin)(process)),
      })
      assert.deepEqual(yield* coordinator.recycle("nobody", withMode("new")), { _tag: "NoSuchPlugin" })
      assert.deepEqual(yield* coordinator.recycle("suite", withMode("first")), { _tag: "NextLaunch" })
      const wanted = yield* Effect.forkChild(operator(), { startImmediately: true })
      yield* untilIdle
      const recycling = yield* Effect.forkChild(coordinator.recycle("suite", withMode("second")))
      yield* untilIdle
      yield* gate.open
      yield* Fiber.join(wanted)
      assert.deepEqual(yield* Fiber.join(recycling), { _tag: "Replaced", generation: 2 })
      const modes = (yield* Queue.clear(spawns)).map(({ spawn }) => modeOf(spawn))
      assert.deepEqual(modes, ["first", "second"])
    }),
  )

  it.effect("needs no new launch for what its supervisor does itself", () =>
    Effect.gen(function* () {
      const { coordinator, eventsUntil, process } = yield* serving({ policy: null })
      const restart = { ...defaultRestartSettings, intensity: { restarts: 0, withinMillis: 1_000 } }
      const changed = { supervision: { ...defaultSupervisionSettings, restart } }
      assert.deepEqual(yield* coordinator.recycle("suite", changed), { _tag: "NoNewLaunch" })
      yield* process.exit(1)
      assert.deepEqual(tagsOf(yield* eventsUntil("Quarantined")), ["Crashed", "Quarantined"])
    }),
  )

  it.effect(
    "is served by the new launch if the one before crashes meanwhile, and by a restart if that does not start",
    () =>
      Effect.gen(function* () {
        for (const program of [serves(plugin), exitsAtOnce(1)]) {
          const { gate, programOf } = yield* gated(program)
          const { eventsSoFar, now, process, recycle } = yield* serving({
            programOf: (spawn) => (modeOf(spawn) === "new" ? programOf({ ...spawn, number: 2 }) : serves(plugin)),
          })
          const recycling = yield* recycle("new")
          yield* untilIdle
          yield* process.exit(9)
          yield* untilIdle
          const call = yield* Effect.forkChild(now(), { startImmediately: true })
          yield* gate.open
          yield* Fiber.join(recycling)
          yield* elapse("1 second")
          assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded")
          assert.include(tagsOf(yield* eventsSoFar), "Crashed")
        }
      }),
  )

  it.effect("leaves no process behind when the agent stops meanwhile", () =>
    Effect.gen(function* () {
      const { programOf } = yield* gated()
      const { now, process, recycle, spawns, stop } = yield* serving({ programOf })
      const recycling = yield* recycle("new")
      const next = yield* Queue.take(spawns)
      const call = yield* Effect.forkChild(Effect.exit(now()), { startImmediately: true })
      yield* untilIdle
      const stopping = yield* Effect.forkChild(stop, { startImmediately: true })
      yield* elapse("1 minute")
      yield* Fiber.join(stopping)
      assert.isFalse(yield* process.isRunning)
      assert.isFalse(yield* next.isRunning)
      assert.include(JSON.stringify(yield* Fiber.join(call)), `"sent":false`)
      assert.deepEqual(yield* Fiber.join(recycling), { _tag: "NextLaunch" })
    }),
  )
})
