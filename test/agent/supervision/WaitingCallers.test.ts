import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import { MaxOpsBeforeYield } from "effect/Scheduler"
import { defaultRestartSettings } from "../../../src/agent/supervision/RestartPolicy.ts"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { makeWaitingCallers } from "../../../src/agent/supervision/WaitingCallers.ts"
import { exitsAtOnce, neverAnswers, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { elapse, makeSupervised, untilIdle } from "./supervised.ts"

/** A plugin that is down for an hour, after its second crash. */
const makeDown = Effect.gen(function* () {
  const hour = 3_600_000
  const supervised = yield* makeSupervised({
    policy: null,
    settings: {
      ...defaultSupervisionSettings,
      restart: { ...defaultRestartSettings, baseMillis: hour, capMillis: hour, jitter: 0 },
    },
  })
  yield* supervised.operator()
  yield* Effect.flatMap(supervised.nextReady, (process) => process.exit(3))
  yield* Effect.flatMap(supervised.nextReady, (process) => process.exit(4))
  yield* supervised.eventsUntil("RestartingIn")
  return supervised
})

const waiters = (operator: Effect.Effect<unknown, unknown>, count: number) =>
  Effect.replicateEffect(Effect.forkChild(Effect.result(operator), { startImmediately: true }), count)

describe("a caller that wants a plugin that is down", () => {
  it.effect("waits with 1,023 others, and the next one is refused", () =>
    Effect.gen(function* () {
      const { operator } = yield* makeDown
      const waiting = yield* waiters(operator(), 1_024)
      yield* untilIdle
      const error = yield* Effect.flip(operator())
      assert.deepInclude(error, { _tag: "PluginQueueFull", plugin: "suite", queued: 1_024 })
      assert.strictEqual(
        error.message,
        "The plugin suite is down (it exited with code 4), and 1024 calls are already waiting for it",
      )
      // One that goes makes room for one.
      yield* Fiber.interrupt(waiting[0]!)
      const next = yield* Effect.forkChild(operator(), { startImmediately: true })
      yield* untilIdle
      assert.isUndefined(next.pollUnsafe())
      assert.strictEqual((yield* Effect.flip(operator()))._tag, "PluginQueueFull")
    }),
  )

  it.effect("waits for a minute, and then fails with the reason and the time of the next attempt", () =>
    Effect.gen(function* () {
      const { operator } = yield* makeDown
      const waiting = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
      yield* elapse(59_999)
      assert.isUndefined(waiting.pollUnsafe())
      yield* elapse(1)
      const error = yield* Fiber.join(waiting)
      assert.deepInclude(error, {
        _tag: "PluginDown",
        plugin: "suite",
        waitedMillis: 60_000,
        reason: "exited with code 4",
        nextAttemptMillis: 3_540_000,
      })
      assert.strictEqual(
        error.message,
        "The plugin suite was not available for 1m: it exited with code 4, and the next attempt is in 59m",
      )
    }),
  )

  it.effect("fails with an error that says that it is being started, if it is", () =>
    Effect.gen(function* () {
      const { operator } = yield* makeSupervised({
        programOf: () => neverAnswers,
        settings: {
          ...defaultSupervisionSettings,
          limits: { ...defaultSupervisionSettings.limits, queueMillis: 2_000 },
        },
      })
      const waiting = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
      yield* elapse(2_000)
      assert.strictEqual(
        (yield* Fiber.join(waiting)).message,
        "The plugin suite was not available for 2s: it has not answered its handshake yet, and it is being started",
      )
    }),
  )

  it.effect("gets it when it is back, with all others", () =>
    Effect.gen(function* () {
      const { operator } = yield* makeSupervised()
      const waiting = yield* waiters(operator(), 1_024)
      for (const fiber of waiting) assert.strictEqual((yield* Fiber.join(fiber))._tag, "Success")
    }),
  )

  it.effect("fails at once when it could not be started, with all others, and the next one has it started again", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make()
      const { operator } = yield* makeSupervised({
        programOf: ({ number }) =>
          number === 1 ? (process) => Effect.andThen(gate.await, exitsAtOnce(1)(process)) : serves(plugin),
      })
      const waiting = yield* waiters(operator(), 1_024)
      yield* untilIdle
      assert.strictEqual((yield* Effect.flip(operator()))._tag, "PluginQueueFull")
      yield* gate.open
      for (const fiber of waiting) {
        const result = yield* Fiber.join(fiber)
        assert.deepInclude(result._tag === "Failure" && result.failure, { _tag: "PluginStartFailed" })
      }
      yield* operator()
    }),
  )
})

describe("a place in the queue", () => {
  /** After so many steps, the scheduler lets another fiber run. */
  const turn = 100
  /** Steps of a fiber. */
  const steps = (count: number) => Effect.replicateEffect(Effect.void, count, { discard: true })

  it.effect("is free again, wherever its caller is interrupted", () =>
    Effect.gen(function* () {
      const lost: Array<number> = []
      for (let before = 0; before <= turn; before++) {
        const callers = makeWaitingCallers("suite", () => ({ queued: 1, queueMillis: 60_000 }))
        const wait = callers.wait(Effect.void, () => ({ _tag: "NotStarted" }))
        const caller = yield* Effect.andThen(steps(before), wait).pipe(
          Effect.provideService(MaxOpsBeforeYield, turn),
          Effect.forkChild({ startImmediately: true }),
        )
        yield* Fiber.interrupt(caller)
        const next = yield* Effect.forkChild(Effect.exit(wait), { startImmediately: true })
        if (next.pollUnsafe() !== undefined) lost.push(before)
        yield* Fiber.interrupt(next)
      }
      assert.deepEqual(lost, [])
    }),
  )
})
