import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { allSides, makeEcho } from "./echo.ts"

describe.each(allSides)("calls between a client that is $client and a server that is $server", (sides) => {
  it.effect("are kept apart when 100 run at the same time", () =>
    Effect.gen(function* () {
      const { client, junk } = yield* makeEcho(sides)
      const texts = Array.from({ length: 100 }, (_, index) => `${index} ${"€\n\r\u2028".repeat(index)}`)
      const answers = yield* Effect.forEach(texts, (text) => client.Echo({ text }), { concurrency: "unbounded" })
      assert.deepEqual(answers, texts)
      assert.deepEqual(junk, [])
    }),
  )

  it.effect("that stream are in order, also when many run at the same time", () =>
    Effect.gen(function* () {
      const { client } = yield* makeEcho(sides)
      const counts = yield* Effect.forEach([1, 100, 1000], (to) => Stream.runCollect(client.Count({ to })), {
        concurrency: "unbounded",
      })
      assert.deepEqual(
        counts.map((count) => [count.length, count.at(-1)]),
        [
          [1, 1],
          [100, 100],
          [1000, 1000],
        ],
      )
    }),
  )

  it.effect("fail one by one: a defect in one handler fails its own call and no other", () =>
    Effect.gen(function* () {
      const { client, hangs } = yield* makeEcho(sides)
      const hanging = yield* Effect.forkChild(client.Hang({ name: "a" }))
      yield* Queue.take(hangs)
      const [before, broken, after] = yield* Effect.all(
        [client.Echo({ text: "before" }), Effect.exit(client.Break({})), client.Echo({ text: "after" })],
        { concurrency: "unbounded" },
      )
      assert.deepEqual([before, broken._tag, after], ["before", "Failure", "after"])
      assert.isUndefined(hanging.pollUnsafe())
      yield* Fiber.interrupt(hanging)
    }),
  )

  it.effect("are interrupted one by one: an interrupted caller interrupts its own handler and no other", () =>
    Effect.gen(function* () {
      const { client, hangs } = yield* makeEcho(sides)
      const [first, second] = yield* Effect.forEach(["first", "second"], (name) =>
        Effect.tap(Effect.forkChild(client.Hang({ name })), () => Queue.take(hangs)),
      )
      yield* Fiber.interrupt(first!)
      assert.strictEqual(yield* Queue.take(hangs), "interrupted first")
      assert.strictEqual(yield* client.Echo({ text: "still here" }), "still here")
      assert.isUndefined(second!.pollUnsafe())
      yield* Fiber.interrupt(second!)
      assert.strictEqual(yield* Queue.take(hangs), "interrupted second")
    }),
  )
})

describe.each(allSides)("between a client that is $client and a server that is $server", (sides) => {
  it.effect.each([
    ["characters of one byte", "x", 17 * 1024 * 1024],
    ["characters of three bytes", "€", 6 * 1024 * 1024],
  ] as const)("an answer that is too large in %s becomes an error, and the connection survives", ([, text, times]) =>
    Effect.gen(function* () {
      const { client } = yield* makeEcho(sides)
      const tooLarge = yield* Effect.exit(client.Repeat({ text, times }))
      assert.include(String(tooLarge), "The answer is larger than a frame may be (16777216 bytes)")
      assert.strictEqual(yield* client.Echo({ text: "still here" }), "still here")
      assert.lengthOf(yield* client.Repeat({ text: "x", times: 15 * 1024 * 1024 }), 15 * 1024 * 1024)
    }),
  )

  it.effect("a stream with a value that is too large ends with an error, in the plugin too", () =>
    Effect.gen(function* () {
      const { client, connection, junk, server } = yield* makeEcho(sides)
      const stream = client.RepeatStream({ text: "x", times: 17 * 1024 * 1024 })
      assert.include(String(yield* Effect.exit(Stream.runDrain(stream))), "The answer is larger than a frame may be")
      assert.strictEqual(yield* client.Echo({ text: "still here" }), "still here")
      assert.deepEqual(junk, [])
      yield* connection.end
      yield* server.idle
    }),
  )

  it.effect("the end of the agent's side is reported, and the plugin is idle once its calls have ended", () =>
    Effect.gen(function* () {
      const { client, connection, hangs, server } = yield* makeEcho(sides)
      const hanging = yield* Effect.forkChild(client.Hang({ name: "a" }))
      yield* Queue.take(hangs)
      const idle = yield* Effect.forkChild(server.idle, { startImmediately: true })
      yield* connection.end
      yield* server.inputEnded
      assert.isUndefined(idle.pollUnsafe())
      assert.isUndefined(hanging.pollUnsafe())
      yield* Fiber.interrupt(hanging)
    }),
  )

  it.effect("an idle plugin is idle as soon as its input ends, and flushes what it has written", () =>
    Effect.gen(function* () {
      const { client, connection, server } = yield* makeEcho(sides)
      yield* client.Echo({ text: "a" })
      yield* connection.end
      yield* server.idle
      yield* server.flush
    }),
  )
})
