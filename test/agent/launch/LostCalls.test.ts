import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { awaitStarted, create, list, read, unobserved } from "../../operator/operations.ts"
import { elapse, makeSupervised } from "../supervision/supervised.ts"

/** A plugin with a call in flight. */
const makeCalling = Effect.gen(function* () {
  const supervised = yield* makeSupervised()
  const operator = yield* supervised.operator()
  const process = yield* supervised.nextReady
  const call = yield* Effect.forkChild(Effect.flip(operator.perform(create("Slow", { Name: "a" }), unobserved)))
  yield* awaitStarted(operator, "a")
  return { supervised, operator, process, call }
})

describe("a call in flight", () => {
  it.effect("fails with ConnectionLost that names how the plugin ended", () =>
    Effect.gen(function* () {
      const { call, process } = yield* makeCalling
      yield* process.printError("FATAL ERROR: heap out of memory\n")
      yield* process.signal("SIGABRT")
      const error = yield* Fiber.join(call)
      assert.strictEqual(error._tag, "ConnectionLost")
      assert.include(error.message, "Create has no answer: the plugin suite was ended by SIGABRT")
      assert.include(error.message, "its last line was: FATAL ERROR: heap out of memory")
    }),
  )

  it.effect("fails as it does, although a child of the plugin holds its pipes", () =>
    Effect.gen(function* () {
      const { call, process, supervised } = yield* makeCalling
      yield* process.exitHoldingPipes(3)
      yield* elapse("250 millis")
      const error = yield* Fiber.join(call)
      assert.strictEqual(error._tag, "ConnectionLost")
      assert.include(error.message, "the plugin suite exited with code 3")
      yield* supervised.eventsUntil("Ready")
    }),
  )

  it.effect("fails when the agent stops the plugin", () =>
    Effect.gen(function* () {
      const { call, process, supervised } = yield* makeCalling
      const stopping = yield* Effect.forkChild(supervised.stop, { startImmediately: true })
      yield* elapse("30 seconds")
      yield* Fiber.join(stopping)
      assert.strictEqual((yield* Fiber.join(call))._tag, "ConnectionLost")
      assert.deepEqual(yield* process.notices, ["EOF"])
    }),
  )

  it.effect("fails in the middle of its progress", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised()
      const operator = yield* supervised.operator()
      const process = yield* supervised.nextReady
      const accepted = yield* Deferred.make<void>()
      const later = create("Later", { Name: "a", Polls: 1_000_000, StatusFails: [] })
      const call = yield* Effect.forkChild(
        Effect.flip(operator.perform(later, () => Effect.asVoid(Deferred.succeed(accepted, undefined)))),
      )
      yield* Deferred.await(accepted)
      yield* process.exit(1)
      assert.strictEqual((yield* Fiber.join(call))._tag, "ConnectionLost")
    }),
  )

  it.effect("is not sent to the next launch, which is there for what its operator is asked next", () =>
    Effect.gen(function* () {
      const { call, operator, process, supervised } = yield* makeCalling
      yield* process.exit(1)
      assert.deepInclude(yield* Fiber.join(call), { _tag: "ConnectionLost", sent: true })
      assert.strictEqual((yield* operator.perform(create("Now", { Name: "a" }), unobserved)).status, "Succeeded")
      assert.lengthOf((yield* operator.list(list("Now"))).nativeIds, 2)
      assert.strictEqual((yield* supervised.next("Ready")).generation, 2)
      assert.deepInclude(yield* operator.perform(read("Slow", "a"), unobserved), {
        properties: { Started: 0, Interrupted: 0 },
      })
    }),
  )
})
