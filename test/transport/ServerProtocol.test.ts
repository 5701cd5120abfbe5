import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as Stdio from "effect/Stdio"
import { makeServerConnection } from "../../src/transport/ServerProtocol.ts"
import { makeStdioPair } from "../../src/transport/StdioPair.ts"
import { allSides, makeEcho, type Sides } from "./echo.ts"

/** A server with a test in place of its agent, which writes byte by byte. */
const makeAsked = Effect.fnUntraced(function* (sides: Sides) {
  const { hangs, pair, server } = yield* makeEcho(sides)
  const writes = yield* Queue.unbounded<string>()
  const ask = (output: string) => Stream.run(Stream.succeed(output), pair.agent.stdout())
  return { ask, hangs, pair, server, writes }
})

const request = (id: string, tag: string, payload: unknown) =>
  `${JSON.stringify({ _tag: "Request", id, tag, payload, headers: [] })}\n`

const servers = allSides.filter(({ client }) => client === "ours")

describe.each(servers)("a server that is $server", (sides) => {
  it.effect("reads the good lines of a chunk that has bad ones", () =>
    Effect.gen(function* () {
      const { ask, hangs } = yield* makeAsked(sides)
      yield* ask(
        `${request("1", "Hang", { name: "a" })}garbage\n{"_tag":"Request"}\n42\n${request("2", "Hang", { name: "b" })}`,
      )
      assert.deepEqual([yield* Queue.take(hangs), yield* Queue.take(hangs)], ["started a", "started b"])
    }),
  )

  it.effect("writes each frame on a line of its own, also after half a line of something else", () =>
    Effect.gen(function* () {
      const { client, junk, pair } = yield* makeEcho(sides)
      assert.strictEqual(yield* client.Echo({ text: "before" }), "before")
      // Native libraries write past the seal.
      yield* Stream.run(Stream.succeed("progress: 50 %"), pair.plugin.stdout())
      assert.strictEqual(yield* client.Echo({ text: "after" }), "after")
      assert.deepEqual(junk, ["progress: 50 %"])
    }),
  )

  it.effect("continues after Eof, which ends nothing", () =>
    Effect.gen(function* () {
      const { client, hangs, pair } = yield* makeEcho(sides)
      const eof = Stream.run(Stream.succeed(`{"_tag":"Eof"}\n`), pair.agent.stdout())
      yield* eof
      assert.strictEqual(yield* client.Echo({ text: "with nothing in flight" }), "with nothing in flight")
      const hanging = yield* Effect.forkChild(client.Hang({ name: "a" }))
      assert.strictEqual(yield* Queue.take(hangs), "started a")
      yield* eof
      assert.strictEqual(yield* client.Echo({ text: "with a call in flight" }), "with a call in flight")
      yield* Fiber.interrupt(hanging)
      assert.strictEqual(yield* Queue.take(hangs), "interrupted a")
    }),
  )

  it.effect("ignores a call that has the id of one in flight, and continues", () =>
    Effect.gen(function* () {
      const { client, hangs, pair } = yield* makeEcho(sides)
      const hang = (name: string) => Stream.run(Stream.succeed(request("mine", "Hang", { name })), pair.agent.stdout())
      yield* hang("first")
      yield* hang("second")
      assert.strictEqual(yield* client.Echo({ text: "still here" }), "still here")
      yield* Stream.run(Stream.succeed(`{"_tag":"Interrupt","requestId":"mine"}\n`), pair.agent.stdout())
      assert.deepEqual([yield* Queue.take(hangs), yield* Queue.take(hangs)], ["started first", "interrupted first"])
    }),
  )

  it.effect("ignores an Interrupt and an Ack that come after the Exit of their call, or name none at all", () =>
    Effect.gen(function* () {
      const { client, junk, pair } = yield* makeEcho(sides)
      const late = ["1", "never asked", 7].flatMap((requestId) => [
        JSON.stringify({ _tag: "Interrupt", requestId }),
        JSON.stringify({ _tag: "Ack", requestId }),
      ])
      yield* Stream.run(Stream.succeed(request("1", "Echo", { text: "a" })), pair.agent.stdout())
      assert.strictEqual(yield* client.Echo({ text: "b" }), "b")
      yield* Stream.run(Stream.succeed(`${late.join("\n")}\n`), pair.agent.stdout())
      assert.strictEqual(yield* client.Echo({ text: "c" }), "c")
      // The answer to its request, and no second one to the Interrupt.
      assert.deepEqual(junk, ["an Exit for request 1, which is not waiting for one"])
    }),
  )

  it.effect.each<[string, object]>([
    ["headers are no pairs", { headers: [null] }],
    ["headers are pairs of numbers", { headers: [[1, 2]] }],
    ["headers are missing", { headers: undefined }],
    ["tag is not a text", { tag: 7 }],
    ["tag and headers and payload are missing", { tag: undefined, headers: undefined, payload: undefined }],
    ["payload is missing", { payload: undefined }],
    ["payload is null", { payload: null }],
    ["payload is a text", { payload: "text" }],
    ["payload has another shape", { payload: { text: ["a"] } }],
    ["payload is nested 20,000 deep", { payload: { text: "\u0000" } }],
  ])("P1: answers a request whose %s, and continues", ([, change]) =>
    Effect.gen(function* () {
      const { client, junk, pair } = yield* makeEcho(sides)
      const bad = JSON.stringify({
        _tag: "Request",
        id: "mine",
        tag: "Echo",
        payload: { text: "a" },
        headers: [],
        ...change,
      })
      const deep = "[".repeat(20_000) + "]".repeat(20_000)
      yield* Stream.run(Stream.succeed(`${bad.replace('"\\u0000"', deep)}\n`), pair.agent.stdout())
      assert.strictEqual(yield* client.Echo({ text: "after" }), "after")
      assert.deepEqual(junk, ["an Exit for request mine, which is not waiting for one"])
    }),
  )

  it.effect("reports that its input cannot be read any more", () =>
    Effect.gen(function* () {
      const { plugin } = yield* makeStdioPair
      const server = yield* makeServerConnection.pipe(
        Effect.provideService(Stdio.Stdio, { ...plugin, stdin: Stream.die("the pipe is a pumpkin") }),
      )
      yield* server.protocol.run(() => Effect.void).pipe(Effect.forkScoped)
      assert.include(String(yield* Effect.exit(server.inputEnded)), "the pipe is a pumpkin")
    }),
  )

  it.effect("treats a frame that is too large as the end of its input, because it cannot answer it", () =>
    Effect.gen(function* () {
      const { ask, server } = yield* makeAsked(sides)
      yield* ask(`{"_tag":"Request","id":"1","tag":"Echo","payload":"${"x".repeat(17 * 1024 * 1024)}`)
      yield* server.inputEnded
      yield* server.idle
    }),
  )
})
