import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { StallAutopsy } from "../../../src/agent/launch/StallAutopsy.ts"
import type { FakeProgram } from "../../../src/testing/index.ts"
import { create } from "../../operator/operations.ts"
import { handshakeOf, handWritten } from "./handWritten.ts"
import { elapse, makeSupervised, tagsOf } from "./supervised.ts"

/** Greets, and is silent from then on: its loop is blocked. */
const blocked: FakeProgram = handWritten((request, process) =>
  request.tag === "Handshake" ? [handshakeOf(request, process)] : [],
)

const frames = ["spin (file:///plugins/suite/main.js:3:5)", "create (file:///plugins/suite/main.js:9:1)"]

/** Finds these frames, and notes whom it was asked about. */
const autopsyOf = (asked: Array<number>) =>
  Layer.succeed(
    StallAutopsy,
    StallAutopsy.of({
      examine: (pid) =>
        Effect.sync(() => {
          asked.push(pid)
          return frames
        }),
    }),
  )

const makeBlocked = Effect.fnUntraced(function* (asked: Array<number> = []) {
  const supervised = yield* makeSupervised({ programOf: () => blocked, autopsy: autopsyOf(asked) })
  yield* supervised.operator()
  const process = yield* supervised.nextReady
  return { supervised, process }
})

describe("P2: a plugin whose event loop is blocked", () => {
  it.effect("is suspect after 3 seconds and killed after 30, counted from the first question that it owes", () =>
    Effect.gen(function* () {
      const asked: Array<number> = []
      const { process, supervised } = yield* makeBlocked(asked)
      const operation = create("Now", { Name: "a" })
      const call = yield* Effect.forkChild(Effect.flip(supervised.perform(operation)), { startImmediately: true })
      // It is asked at the next tick.
      yield* elapse(1_000)
      yield* elapse(2_999)
      assert.deepEqual(yield* supervised.eventsSoFar, [])
      yield* elapse(1)
      assert.deepEqual(yield* supervised.eventsSoFar, [
        { _tag: "Suspect", plugin: "suite", generation: 1, silentMillis: 3_000 },
      ])
      yield* elapse(26_999)
      assert.deepEqual(yield* supervised.eventsSoFar, [])
      assert.isTrue(yield* process.isRunning)
      yield* elapse(1)
      assert.deepEqual(yield* process.ended, { code: null, signal: "SIGKILL" })
      assert.deepEqual(asked, [process.pid])
      const reason = `did not answer for 30000 ms and was killed; it hung in ${frames[0]}`
      assert.deepEqual((yield* supervised.eventsSoFar).slice(0, 3), [
        {
          _tag: "Stalled",
          plugin: "suite",
          generation: 1,
          silentMillis: 30_000,
          frames,
          operations: [operation.operationId],
        },
        { _tag: "Crashed", plugin: "suite", generation: 1, reason, operations: [operation.operationId] },
        { _tag: "RestartingIn", plugin: "suite", generation: 1, delayMillis: 0 },
      ])
      const error = yield* Fiber.join(call)
      assert.deepInclude(error, { _tag: "ConnectionLost", sent: true })
      assert.include(error.message, `the plugin suite ${reason}`)
      yield* supervised.operator()
    }),
  )

  it.effect("is left alone while nobody waits for it", () =>
    Effect.gen(function* () {
      const { process, supervised } = yield* makeBlocked()
      yield* elapse("10 minutes")
      assert.deepEqual(yield* supervised.eventsSoFar, [])
      // Nor once its caller is gone.
      const call = yield* Effect.forkChild(supervised.perform(create("Now", { Name: "a" })), { startImmediately: true })
      yield* elapse(20_000)
      yield* Fiber.interrupt(call)
      yield* elapse("10 minutes")
      assert.deepEqual(tagsOf(yield* supervised.eventsSoFar), ["Suspect"])
      assert.isTrue(yield* process.isRunning)
    }),
  )

  it.effect("is left alone while a debugger is attached to it", () =>
    Effect.gen(function* () {
      const { process, supervised } = yield* makeBlocked()
      yield* process.printError("Debugger listening on ws://127.0.0.1:9229/a\nDebugger attached.\n")
      yield* Effect.forkChild(supervised.perform(create("Now", { Name: "a" })), { startImmediately: true })
      yield* elapse("10 minutes")
      assert.deepEqual(yield* supervised.eventsSoFar, [])
      assert.isTrue(yield* process.isRunning)
    }),
  )

  it.effect("is not confused with one that only takes its time: that one answers, and continues", () =>
    Effect.gen(function* () {
      const { eventsSoFar, nextReady, operator, perform } = yield* makeSupervised()
      yield* operator()
      const process = yield* nextReady
      const slow = yield* Effect.forkChild(perform(create("Slow", { Name: "a" })), { startImmediately: true })
      // In steps: an answer needs a moment in which time stands still.
      yield* Effect.replicateEffect(elapse("500 millis"), 120)
      assert.isUndefined(slow.pollUnsafe())
      assert.deepEqual(yield* eventsSoFar, [])
      assert.isTrue(yield* process.isRunning)
      yield* Fiber.interrupt(slow)
    }),
  )
})
