import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { type FakeProgram, ignoring, neverAnswers } from "../../../src/testing/index.ts"
import { awaitStarted, create, unobserved } from "../../operator/operations.ts"
import { handshakeOf, handWritten } from "../supervision/handWritten.ts"
import { elapse, makeSupervised, tagsOf } from "../supervision/supervised.ts"

/** Greets, and then hears nothing any more. */
const deaf: FakeProgram = (process) =>
  Effect.andThen(handWritten((request) => [handshakeOf(request, process)])(process), Effect.never)

describe("closing the agent's layer", () => {
  it.effect("ends the plugin's stdin, and the plugin goes by itself", () =>
    Effect.gen(function* () {
      const { eventsUntil, nextReady, operator, stop } = yield* makeSupervised()
      yield* operator()
      const process = yield* nextReady
      yield* stop
      assert.deepEqual(yield* process.notices, ["EOF"])
      assert.deepEqual(yield* process.ended, { code: 0, signal: null })
      assert.deepEqual(tagsOf(yield* eventsUntil("Stopped")), ["Stopped"])
    }),
  )

  it.effect("terminates a plugin that does not go within 2 seconds, and kills it 5 seconds later", () =>
    Effect.gen(function* () {
      const { nextReady, operator, stop } = yield* makeSupervised({ programOf: () => ignoring(["SIGTERM"], deaf) })
      yield* operator()
      const process = yield* nextReady
      const stopping = yield* Effect.forkChild(stop, { startImmediately: true })
      yield* elapse("1999 millis")
      assert.deepEqual(yield* process.notices, ["EOF"])
      yield* elapse("1 millis")
      assert.deepEqual(yield* process.notices, ["EOF", "SIGTERM"])
      yield* elapse("4999 millis")
      assert.isTrue(yield* process.isRunning)
      yield* elapse("1 millis")
      yield* Fiber.join(stopping)
      assert.deepEqual(yield* process.notices, ["EOF", "SIGTERM", "SIGKILL"])
      assert.deepEqual(yield* process.ended, { code: null, signal: "SIGKILL" })
    }),
  )

  it.effect("P5: lets a call in flight end for 30 seconds, and then cancels it", () =>
    Effect.gen(function* () {
      const { nextReady, operator, stop } = yield* makeSupervised()
      const found = yield* operator()
      const process = yield* nextReady
      const call = yield* Effect.forkChild(Effect.flip(found.perform(create("Slow", { Name: "a" }), unobserved)))
      yield* awaitStarted(found, "a")
      const stopping = yield* Effect.forkChild(stop, { startImmediately: true })
      yield* elapse("29999 millis")
      assert.deepEqual(yield* process.notices, [])
      yield* elapse("1 millis")
      yield* Fiber.join(stopping)
      assert.deepEqual(yield* process.notices, ["EOF"])
      const error = yield* Fiber.join(call)
      assert.strictEqual(error._tag, "ConnectionLost")
      assert.include(error.message, "the plugin suite was stopped")
    }),
  )

  it.effect("stops a plugin that is starting", () =>
    Effect.gen(function* () {
      const { operator, spawns, stop } = yield* makeSupervised({ programOf: () => neverAnswers })
      const waiting = yield* Effect.forkChild(operator(), { startImmediately: true })
      const process = yield* Queue.take(spawns)
      const stopping = yield* Effect.forkChild(stop, { startImmediately: true })
      yield* elapse("2 seconds")
      yield* Fiber.join(stopping)
      assert.isFalse(yield* process.isRunning)
      yield* Fiber.interrupt(waiting)
    }),
  )

  it.effect("during the delay before a restart stops nothing, and starts nothing", () =>
    Effect.gen(function* () {
      const { eventsUntil, nextReady, operator, spawns, stop } = yield* makeSupervised()
      yield* operator()
      yield* Effect.flatMap(nextReady, (process) => process.exit(1))
      yield* Effect.flatMap(nextReady, (process) => process.exit(1))
      yield* eventsUntil("RestartingIn")
      yield* stop
      yield* elapse("1 minute")
      assert.strictEqual(yield* Queue.size(spawns), 0)
    }),
  )
})
