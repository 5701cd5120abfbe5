import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import type { SupervisorState } from "../../../src/agent/supervision/SupervisorState.ts"
import { exitsAtOnce, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { elapse, entryOf, makeSupervised, untilIdle, twoMoreTries } from "./supervised.ts"

/** A state without what is not data. */
const plain = (state: SupervisorState) => {
  switch (state._tag) {
    case "Ready":
      return { _tag: "Ready", generation: Number(state.launch.generation) }
    case "Failed":
      return { _tag: "Failed", reason: state.error.reason }
    default:
      return state
  }
}

/** Watches a coordinator. `seen` gives what it has seen since it was last asked. */
const watch = Effect.fnUntraced(function* ({ statusChanges }: PluginCoordinator["Service"]) {
  const states = yield* Queue.unbounded<readonly [plugin: string, state: ReturnType<typeof plain>]>()
  const watching = yield* statusChanges.pipe(
    Stream.runForEach(({ entry, state }) => Queue.offer(states, [entry.manifest.name, plain(state)])),
    Effect.forkScoped({ startImmediately: true }),
  )
  const seen = Effect.andThen(untilIdle, Queue.clear(states))
  return { seen, statesSeen: Effect.map(seen, (all) => all.map(([, state]) => state)), watching }
})

describe("a watcher of plugins", () => {
  it.effect("sees each state of a crash and a restart, in order", () =>
    Effect.gen(function* () {
      const { coordinator, nextReady, operator, stop } = yield* makeSupervised()
      const { statesSeen, watching } = yield* watch(coordinator)
      assert.deepEqual(yield* statesSeen, [{ _tag: "NotStarted" }])
      yield* operator()
      assert.deepEqual(yield* statesSeen, [
        { _tag: "Starting", generation: 1 },
        { _tag: "Ready", generation: 1 },
      ])
      yield* Effect.flatMap(nextReady, (process) => process.exit(3))
      assert.deepEqual(yield* statesSeen, [
        { _tag: "Ended", generation: 1, reason: "exited with code 3" },
        { _tag: "Restarting", generation: 1, reason: "exited with code 3", nextAt: 0 },
        { _tag: "Starting", generation: 2 },
        { _tag: "Ready", generation: 2 },
      ])
      yield* Effect.flatMap(nextReady, (process) => process.signal("SIGSEGV"))
      assert.deepEqual(yield* statesSeen, [
        { _tag: "Ended", generation: 2, reason: "was ended by SIGSEGV" },
        { _tag: "Restarting", generation: 2, reason: "was ended by SIGSEGV", nextAt: 200 },
      ])
      yield* elapse("199 millis")
      assert.deepEqual(yield* statesSeen, [])
      yield* elapse("1 millis")
      assert.deepEqual(yield* statesSeen, [
        { _tag: "Starting", generation: 3 },
        { _tag: "Ready", generation: 3 },
      ])
      yield* stop
      assert.deepEqual(yield* statesSeen, [{ _tag: "Stopping" }])
      yield* Fiber.join(watching)
    }),
  )

  it.effect("sees that it could not be started, that it is quarantined, and that it was released", () =>
    Effect.gen(function* () {
      const { coordinator, nextReady, operator, spawns } = yield* makeSupervised({
        programOf: ({ number }) => (number === 1 ? exitsAtOnce(1) : serves(plugin)),
        policy: { ...twoMoreTries, intensity: { restarts: 1, withinMillis: 60_000 } },
      })
      const { statesSeen } = yield* watch(coordinator)
      assert.deepEqual(yield* statesSeen, [{ _tag: "NotStarted" }])
      yield* Effect.flip(operator())
      yield* Queue.take(spawns)
      assert.deepEqual(yield* statesSeen, [
        { _tag: "Starting", generation: 1 },
        { _tag: "Failed", reason: "it exited with code 1" },
      ])
      yield* operator()
      yield* Effect.flatMap(nextReady, (process) => process.exit(9))
      assert.deepEqual(yield* statesSeen, [
        { _tag: "Starting", generation: 2 },
        { _tag: "Ready", generation: 2 },
        { _tag: "Ended", generation: 2, reason: "exited with code 9" },
        { _tag: "Quarantined", quarantine: { plugin: "suite", restarts: 1, reason: "exited with code 9", at: 0 } },
      ])
      yield* coordinator.release("suite")
      assert.deepEqual(yield* statesSeen, [{ _tag: "NotStarted" }])
    }),
  )

  it.effect("sees where each plugin stands first, however long ago that changed, and then each change", () =>
    Effect.gen(function* () {
      const { coordinator, operator } = yield* makeSupervised({
        entries: [entryOf("suite", "Suite"), entryOf("other", "Other")],
      })
      yield* operator()
      const { seen } = yield* watch(coordinator)
      assert.deepEqual(yield* seen, [
        ["suite", { _tag: "Ready", generation: 1 }],
        ["other", { _tag: "NotStarted" }],
      ])
      yield* Effect.flip(operator("Other"))
      assert.deepEqual(
        (yield* seen).map(([name, { _tag }]) => [name, _tag]),
        [
          ["other", "Starting"],
          ["other", "Failed"],
        ],
      )
    }),
  )
})
