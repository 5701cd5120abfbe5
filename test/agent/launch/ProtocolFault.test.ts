import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { type FakeProcess, type FakeProgram, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create, unobserved } from "../../operator/operations.ts"
import { handshakeOf, handWritten } from "../supervision/handWritten.ts"
import { elapse, makeSupervised, untilIdle } from "../supervision/supervised.ts"

const closeStdout = Stdio.Stdio.use(({ stdout }) => Stream.run(Stream.empty, stdout({ endOnDone: true })))

/** Greets, does `fault` when it is asked for more, and lives on. */
const faulty = (fault: (process: FakeProcess) => Effect.Effect<unknown, unknown, Stdio.Stdio>): FakeProgram =>
  Effect.fnUntraced(function* (process) {
    const asked = yield* Latch.make()
    const serving = handWritten((request) => {
      if (request.tag === "Handshake") return [handshakeOf(request, process)]
      asked.openUnsafe()
      return []
    })(process)
    yield* Effect.forkScoped(serving)
    yield* asked.await
    yield* Effect.orDie(fault(process))
    return yield* Effect.never
  })

describe("P1: a plugin that lives on and cannot be reached any more,", () => {
  it.effect.each<[string, FakeProgram, string]>([
    ["because it closed its stdout", faulty(() => closeStdout), "The plugin closed its stdout"],
    [
      "because of a frame that does not end",
      faulty((process) => process.print(`{"_tag":"Exit","requestId":"${"7".repeat(17 * 1024 * 1024)}`)),
      "The plugin sent a frame of more than 16777216 bytes",
    ],
  ])("%s, is ended and restarted", ([, program, fault]) =>
    Effect.gen(function* () {
      const { eventsUntil, nextReady, operator } = yield* makeSupervised({ programOf: () => program })
      const found = yield* operator()
      const process = yield* nextReady
      const operation = create("Now", { Name: "a" })
      const call = yield* Effect.forkChild(Effect.flip(found.perform(operation, unobserved)), {
        startImmediately: true,
      })
      yield* untilIdle
      assert.isTrue(yield* process.isRunning)
      yield* elapse("250 millis")
      const reason = `broke the protocol: ${fault}`
      const error = yield* Fiber.join(call)
      assert.deepInclude(error, { _tag: "ConnectionLost", sent: true })
      assert.include(error.message, `the plugin suite ${reason}`)
      assert.deepEqual(yield* process.ended, { code: null, signal: "SIGKILL" })
      const seen = yield* eventsUntil("Ready")
      const crashed = seen.find(({ _tag }) => _tag === "Crashed")
      assert.deepInclude(crashed, { generation: 1, reason, operations: [operation.operationId] })
      assert.deepInclude(seen.at(-1), { generation: 2 })
    }),
  )

  it.effect("is sent nothing more: what comes then goes to the next launch", () =>
    Effect.gen(function* () {
      const { nextReady, operator } = yield* makeSupervised({
        programOf: ({ number }) => (number === 1 ? faulty(() => closeStdout) : serves(plugin)),
      })
      const found = yield* operator()
      yield* nextReady
      const early = yield* Effect.forkChild(Effect.flip(found.perform(create("Now", { Name: "a" }), unobserved)), {
        startImmediately: true,
      })
      yield* untilIdle
      const late = yield* Effect.forkChild(found.perform(create("Now", { Name: "b" }), unobserved), {
        startImmediately: true,
      })
      yield* elapse("250 millis")
      assert.deepInclude(yield* Fiber.join(early), { _tag: "ConnectionLost", sent: true })
      assert.strictEqual((yield* Fiber.join(late)).status, "Succeeded")
    }),
  )

  it.effect("is not taken for one that closed its stdout because it dies", () =>
    Effect.gen(function* () {
      const { next, nextReady, operator } = yield* makeSupervised({
        programOf: () => faulty((process) => Effect.andThen(closeStdout, Effect.delay(process.exit(7), "249 millis"))),
      })
      const found = yield* operator()
      yield* nextReady
      const call = yield* Effect.forkChild(Effect.flip(found.perform(create("Now", { Name: "a" }), unobserved)), {
        startImmediately: true,
      })
      yield* elapse("249 millis")
      assert.strictEqual((yield* next("Crashed")).reason, "exited with code 7")
      assert.include((yield* Fiber.join(call)).message, "the plugin suite exited with code 7")
    }),
  )
})
