import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { InProgress } from "../../../src/protocol/Progress.ts"
import { create, impatient, visit } from "./visit.ts"

describe.concurrent("a plugin that answers wrongly", () => {
  it.live("P1: twice, is heard only the first time", () =>
    Effect.gen(function* () {
      const museum = yield* visit("answers-twice")
      for (const name of ["a", "b", "c"]) assert.deepEqual(yield* museum.properties(name), { Says: "first" })
      assert.match((yield* museum.next("Junk")).line ?? "", /^an Exit for request \d+, which/)
    }),
  )

  it.live("P1: a call that was not made, is not heard", () =>
    Effect.gen(function* () {
      const museum = yield* visit("answers-unknown-calls")
      for (const name of ["a", "b"]) assert.deepEqual(yield* museum.properties(name), {})
      assert.match((yield* museum.next("Junk")).line ?? "", /^an Exit for request \d+, which/)
    }),
  )

  it.live("P2: in the wrong shape, fails only that call", () =>
    Effect.gen(function* () {
      const museum = yield* visit("answers-in-another-shape")
      for (const shape of ["text", "status", "nothing", "unfinished"]) {
        const [error] = yield* Effect.all([Effect.flip(museum.read(shape)), museum.properties("proper")], {
          concurrency: "unbounded",
        })
        assert.strictEqual(error._tag, "ProtocolError")
      }
    }),
  )

  it.live("P1: what cannot be read, fails only that call, at once", () =>
    Effect.gen(function* () {
      const museum = yield* visit("answers-what-cannot-be-read")
      for (const exit of [
        "causeless",
        "exitless",
        "unknown",
        "speechless",
        "abyss",
        "depths",
        "more-depths",
        "misnamed",
      ]) {
        const [error] = yield* Effect.all([Effect.flip(museum.read(exit)), museum.properties("proper")], {
          concurrency: "unbounded",
        })
        assert.strictEqual(error._tag, "ProtocolError")
      }
      yield* museum.neighbourIsUnharmed
    }),
  )

  it.live("in reverse order, is understood", () =>
    Effect.gen(function* () {
      const museum = yield* visit("answers-in-reverse")
      const names = Array.from({ length: 64 }, (_, index) => `n-${index}`)
      const answers = yield* Effect.forEach(names, museum.properties, { concurrency: "unbounded" })
      assert.deepEqual(
        answers.map(({ Says }) => Says),
        names,
      )
    }),
  )

  it.live("P2: with a defect, fails only that call", () =>
    Effect.gen(function* () {
      const museum = yield* visit("ends-a-call-with-a-defect")
      const [error] = yield* Effect.all([Effect.flip(museum.read("broken")), museum.properties("whole")], {
        concurrency: "unbounded",
      })
      assert.strictEqual(error._tag, "ProtocolError")
      assert.include(error.message, "x is not a function")
    }),
  )

  it.live("P2: that its connection is broken, fails only what is in flight", () =>
    Effect.gen(function* () {
      const museum = yield* visit("declares-its-connection-broken")
      yield* museum.properties("whole")
      const error = yield* Effect.flip(museum.read("disconnected"))
      assert.include(["ProtocolError", "ConnectionLost"], error._tag)
      assert.include(error.message, "my state is lost")
      yield* museum.properties("whole")
      yield* museum.neighbourIsUnharmed
    }),
  )

  it.live("with 1,000 progress reports at once, is heard to the end", () =>
    Effect.gen(function* () {
      const museum = yield* visit("streams-without-acks")
      const seen: Array<InProgress> = []
      const ended = yield* museum.perform(create("streams-without-acks", "it"), (progress) =>
        Effect.sync(() => void seen.push(progress)),
      )
      assert.strictEqual(ended.status, "Succeeded")
      assert.deepEqual(
        seen.map(({ attempts }) => attempts),
        Array.from({ length: 1001 }, (_, index) => index),
      )
    }),
  )
})

describe.concurrent("a plugin that does not answer a call", () => {
  it.live("P5: because it forgot it, does not hold up a caller that gives up", () =>
    Effect.gen(function* () {
      const museum = yield* visit("never-answers-a-call")
      const forgotten = yield* Effect.forkChild(museum.read("forgotten"))
      yield* museum.printed("forgetting")
      yield* Fiber.interrupt(forgotten)
      yield* museum.properties("other")
    }),
  )

  for (const { exhibit, frame, how, nativeId, printed } of [
    {
      how: "blocks its loop",
      exhibit: "blocks-its-loop",
      nativeId: "block",
      printed: "blocking",
      frame: "waitForEver",
    },
    { how: "loops forever", exhibit: "spins-for-ever", nativeId: "any", printed: "spinning", frame: "spin" },
    { how: "is suspended", exhibit: "suspends-itself", nativeId: "any", printed: "suspending", frame: undefined },
  ]) {
    it.live(`P2: because it ${how}, is killed and restarted`, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit, impatient)
        const calling = yield* Effect.forkChild(Effect.flip(museum.read(nativeId)))
        yield* museum.printed(printed)
        yield* museum.neighbourIsUnharmed
        const seen = yield* museum.eventsUntil(({ _tag }) => _tag === "Stalled")
        assert.isTrue(seen.some(({ _tag }) => _tag === "Suspect"))
        const stalled = seen.at(-1)
        if (stalled?._tag !== "Stalled") return assert.fail("it has not stalled")
        assert.lengthOf(stalled.operations, 1)
        if (frame === undefined) assert.deepEqual(stalled.frames, [])
        else assert.isTrue(stalled.frames.some((at) => at.startsWith(`${frame} (`) && at.includes("/main.mjs:")))
        const error = yield* Fiber.join(calling)
        assert.strictEqual(error._tag, "ConnectionLost")
        assert.include(error.message, "did not answer for 300 ms and was killed")
        if (frame !== undefined) assert.include(error.message, `it hung in ${stalled.frames[0]}`)
        yield* museum.next("Ready")
        yield* museum.neighbourIsUnharmed
      }),
    )
  }

  it.live("P2: because it stopped reading, is killed, and neither the agent nor another plugin waits for it", () =>
    Effect.gen(function* () {
      const museum = yield* visit("stops-reading", impatient)
      const calling = yield* Effect.forkChild(Effect.flip(museum.read("first")))
      yield* museum.printed("not listening")
      // Ten times what a pipe holds.
      const more = yield* Effect.forEach(
        Array.from({ length: 63 }, (_, index) => `${index}`.padEnd(32 * 1024, "v")),
        (name) => Effect.forkChild(Effect.result(museum.read(name)), { startImmediately: true }),
      )
      yield* museum.neighbourIsUnharmed
      yield* museum.next("Stalled")
      assert.strictEqual((yield* Fiber.join(calling))._tag, "ConnectionLost")
      for (const fiber of more) {
        const result = yield* Fiber.join(fiber)
        assert.strictEqual(result._tag === "Failure" && result.failure._tag, "ConnectionLost")
      }
      yield* museum.neighbourIsUnharmed
    }),
  )
})
