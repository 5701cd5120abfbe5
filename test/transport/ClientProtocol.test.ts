import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { makeStdioPair } from "../../src/transport/StdioPair.ts"
import { answerTo, makeClient, makePlayed } from "./echo.ts"

const junkLines = Arbitrary.array(
  Arbitrary.schema(
    Schema.Literals([
      "Listening on 8080",
      "",
      "42",
      "null",
      `{"level":"info"}`,
      `{"_tag":"Exit","requestId":`,
      `{"_tag":"Exit","requestId":"no such call","exit":{"_tag":"Success","value":"stray"}}`,
      `{"_tag":"Chunk","requestId":"no such call","values":["stray"]}`,
      "\u0000\u0001\uFFFD",
    ]),
  ),
  { maxLength: 4 },
)

const clients = ["ours", "Effect's"] as const

describe.each(clients)("a client that is %s and junk", (side) => {
  it.effect.prop(
    "gets its answers, whatever is printed between and around them",
    [
      Arbitrary.array(junkLines, { minLength: 6, maxLength: 6 }),
      Arbitrary.array(Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40 }))), {
        maxLength: 20,
      }),
    ],
    ([junk, sizes]) =>
      Effect.gen(function* () {
        const { client, requests, write } = yield* makePlayed(side)
        const calls = yield* Effect.forkChild(
          Effect.forEach(["a", "b", "c", "d", "e"], (text) => client.Echo({ text }), { concurrency: "unbounded" }),
        )
        const asked = yield* Effect.all(Array.from({ length: 5 }, () => Queue.take(requests)))
        const lines = asked.flatMap(({ id }, index) => [...(junk[index] ?? []), answerTo(id, `answer ${index}`)])
        const output = new TextEncoder().encode(`${[...lines, ...(junk[5] ?? [])].join("\n")}\n`)
        let position = 0
        for (const size of sizes) {
          yield* write(output.slice(position, position + size))
          position += size
        }
        yield* write(output.slice(position))
        assert.deepEqual(yield* Fiber.join(calls), ["answer 0", "answer 1", "answer 2", "answer 3", "answer 4"])
      }).pipe(Effect.scoped),
  )

  it.effect("treats stray, late and repeated answers as junk", () =>
    Effect.gen(function* () {
      const { client, junk, requests, write } = yield* makePlayed(side)
      const first = yield* Effect.forkChild(client.Echo({ text: "a" }))
      const { id } = yield* Queue.take(requests)
      const stray = [answerTo("999", "stray"), `{"_tag":"Chunk","requestId":"999","values":["stray"]}`]
      yield* write(`${[...stray, answerTo(id, "right"), answerTo(id, "double")].join("\n")}\n`)
      assert.strictEqual(yield* Fiber.join(first), "right")
      const second = yield* Effect.forkChild(client.Echo({ text: "b" }))
      const { id: next } = yield* Queue.take(requests)
      yield* write(`${answerTo(id, "late")}\n${answerTo(next, "right again")}\n`)
      assert.strictEqual(yield* Fiber.join(second), "right again")
      // The values of the answers are not shown, because they may be secret.
      assert.deepEqual(junk, [
        "an Exit for request 999, which is not waiting for one",
        "a Chunk for request 999, which is not waiting for one",
        `an Exit for request ${id}, which is not waiting for one`,
        `an Exit for request ${id}, which is not waiting for one`,
      ])
    }),
  )

  it.effect("P11: reports only the length of a line that may be part of a frame, and the text of any other", () =>
    Effect.gen(function* () {
      const { client, junk, requests, write } = yield* makePlayed(side)
      const call = yield* Effect.forkChild(client.Echo({ text: "a" }))
      const { id } = yield* Queue.take(requests)
      const spoiled = answerTo(id, "hunter2").slice(0, -3)
      const lines = ['{"level":"info"}', spoiled, `native: *** ${spoiled}`, `{"exit":{"_tag":"hunter2"}`]
      yield* write(`${lines.join("\n")}\n${answerTo(id, "right")}\n`)
      assert.strictEqual(yield* Fiber.join(call), "right")
      assert.deepEqual(junk, [
        '{"level":"info"}',
        `${spoiled.length} characters that look like a frame but are not one`,
        `native: *** … ${spoiled.length} characters that look like a frame but are not one`,
        "26 characters that look like a frame but are not one",
      ])
    }),
  )

  it.effect("gives the answer to an interrupted call to no other call", () =>
    Effect.gen(function* () {
      const { client, junk, requests, write } = yield* makePlayed(side)
      const cancelled = yield* Effect.forkChild(client.Echo({ text: "a" }))
      const { id } = yield* Queue.take(requests)
      yield* Fiber.interrupt(cancelled)
      assert.deepEqual(yield* Queue.take(requests), { _tag: "Interrupt", requestId: id })
      const next = yield* Effect.forkChild(client.Echo({ text: "b" }))
      const { id: nextId } = yield* Queue.take(requests)
      yield* write(`${answerTo(id, "for a")}\n${answerTo(nextId, "for b")}\n`)
      assert.strictEqual(yield* Fiber.join(next), "for b")
      assert.deepEqual(junk, [])
    }),
  )
})

const exit = (id: unknown, value: unknown) => JSON.stringify({ _tag: "Exit", requestId: id, exit: value })
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels)

describe.each(clients)("P1: an answer that names a waiting call and cannot be read, of a client that is %s", (side) => {
  it.effect.each<[string, (id: string) => string, string]>([
    ["without a cause", (id) => exit(id, { _tag: "Failure", cause: [] }), "exit.cause: is empty"],
    ["without an exit", (id) => exit(id, null), "exit: is not an object"],
    ["of an unknown kind", (id) => exit(id, { _tag: "Perhaps" }), "exit._tag: is neither Success nor Failure"],
    [
      "nested 5,000 deep",
      (id) => `{"_tag":"Exit","requestId":${JSON.stringify(id)},"exit":{"_tag":"Success","value":${deep(5_000)}}}`,
      "the frame is nested more than 256 levels deep",
    ],
    [
      "with a defect that is nested 20,000 deep",
      (id) =>
        `{"_tag":"Exit","requestId":${JSON.stringify(id)},"exit":{"_tag":"Failure","cause":[{"_tag":"Die","defect":${deep(20_000)}}]}}`,
      "the frame is nested more than 256 levels deep",
    ],
    [
      "with an id of the wrong kind",
      (id) => exit(typeof id === "number" ? String(id) : Number(id), { _tag: "Success", value: "a" }),
      "requestId: is a",
    ],
  ])("%s, ends that call and no other", ([, answer, problem]) =>
    Effect.gen(function* () {
      const { client, junk, requests, write } = yield* makePlayed(side)
      const [spoiled, other] = yield* Effect.all([
        Effect.forkChild(Effect.sandbox(client.Echo({ text: "a" })), { startImmediately: true }),
        Effect.forkChild(client.Echo({ text: "b" }), { startImmediately: true }),
      ])
      const { id = "" } = yield* Queue.take(requests)
      const { id: otherId } = yield* Queue.take(requests)
      yield* write(`${answer(id)}\n${answerTo(otherId, "b")}\n`)
      assert.include(String(yield* Fiber.await(spoiled)), problem)
      assert.strictEqual(yield* Fiber.join(other), "b")
      assert.lengthOf(junk, 1)
      assert.include(junk[0], problem)
      const later = yield* Effect.forkChild(client.Echo({ text: "c" }))
      yield* write(`${answerTo((yield* Queue.take(requests)).id, "c")}\n`)
      assert.strictEqual(yield* Fiber.join(later), "c")
    }),
  )

  it.effect("ends a stream, and the plugin is asked to stop it", () =>
    Effect.gen(function* () {
      const { client, requests, write } = yield* makePlayed(side)
      const counted = yield* Effect.forkChild(Effect.sandbox(Stream.runCollect(client.Count({ to: 3 }))))
      const { id } = yield* Queue.take(requests)
      yield* write(`${JSON.stringify({ _tag: "Chunk", requestId: id, values: [] })}\n`)
      assert.include(String(yield* Fiber.await(counted)), "values: is empty")
      assert.deepEqual(yield* Queue.take(requests), { _tag: "Interrupt", requestId: id })
    }),
  )

  it.effect("is junk if the call is not waiting", () =>
    Effect.gen(function* () {
      const { client, junk, requests, write } = yield* makePlayed(side)
      const call = yield* Effect.forkChild(client.Echo({ text: "a" }))
      const { id } = yield* Queue.take(requests)
      yield* write(`${exit("none", null)}\n${answerTo(id, "a")}\n`)
      assert.strictEqual(yield* Fiber.join(call), "a")
      assert.deepEqual(junk, ["an Exit for request none, which is not waiting for one"])
    }),
  )
})

describe.each(clients)("a client that is %s, whose connection ends", (side) => {
  it.effect("fails all calls in flight, streams too, and every later call when the plugin's end closes", () =>
    Effect.gen(function* () {
      const { client, connection, pair, requests } = yield* makePlayed(side)
      const calls = yield* Effect.forkChild(
        Effect.forEach(Array.from({ length: 50 }), () => Effect.flip(client.Echo({ text: "a" })), {
          concurrency: "unbounded",
        }),
      )
      const stream = yield* Effect.forkChild(Effect.flip(Stream.runDrain(client.Count({ to: 3 }))))
      for (let taken = 0; taken < 51; taken++) yield* Queue.take(requests)
      yield* pair.sever
      assert.strictEqual(yield* connection.closed, "The plugin closed its stdout")
      const later = [
        yield* Effect.flip(client.Echo({ text: "later" })),
        yield* Effect.flip(Stream.runDrain(client.Count({ to: 3 }))),
      ]
      for (const error of [...(yield* Fiber.join(calls)), yield* Fiber.join(stream), ...later]) {
        assert.strictEqual(error._tag, "RpcClientError")
        assert.include(error.message, "The plugin closed its stdout")
      }
    }),
  )

  it.effect("fails a call that is made before it listens, if the connection closes at that moment", () =>
    Effect.gen(function* () {
      const pair = yield* makeStdioPair
      yield* pair.sever
      const { client } = yield* makeClient(pair, side)
      const call = yield* Effect.forkChild(Effect.flip(client.Echo({ text: "a" })), { startImmediately: true })
      assert.strictEqual((yield* Fiber.join(call))._tag, "RpcClientError")
    }),
  )

  it.effect(
    "loses its connection to a frame that is too large, in whatever order its keys are, but not to junk of that size",
    () =>
      Effect.gen(function* () {
        const { client, connection, junk, requests, write } = yield* makePlayed(side)
        const tooLarge = "x".repeat(17 * 1024 * 1024)
        const call = yield* Effect.forkChild(client.Echo({ text: "a" }))
        const { id } = yield* Queue.take(requests)
        yield* write(`${tooLarge}\n${answerTo(id, "right")}\n`)
        assert.strictEqual(yield* Fiber.join(call), "right")
        assert.lengthOf(junk, 1)
        assert.include(junk[0], "the rest of a line of more than 16777216 bytes was skipped")
        const lost = yield* Effect.forkChild(Effect.flip(client.Echo({ text: "a" })))
        const { id: lostId } = yield* Queue.take(requests)
        yield* write(JSON.stringify({ exit: { _tag: "Success", value: tooLarge }, requestId: lostId, _tag: "Exit" }))
        assert.include((yield* Fiber.join(lost)).message, "The plugin sent a frame of more than 16777216 bytes")
        assert.strictEqual(yield* connection.closed, "The plugin sent a frame of more than 16777216 bytes")
      }),
  )

  it.effect.each([
    ["characters of one byte", "x".repeat(17 * 1024 * 1024)],
    ["characters of three bytes", "€".repeat(6 * 1024 * 1024)],
  ] as const)("refuses a request that is too large to send in %s, and stays connected", ([, text]) =>
    Effect.gen(function* () {
      const { client, requests, write } = yield* makePlayed(side)
      const error = yield* Effect.flip(client.Echo({ text }))
      assert.include(error.message, "The request is larger than a frame may be (16777216 bytes)")
      const call = yield* Effect.forkChild(client.Echo({ text: "a" }))
      yield* write(`${answerTo((yield* Queue.take(requests)).id, "right")}\n`)
      assert.strictEqual(yield* Fiber.join(call), "right")
    }),
  )

  it.effect("gets the answers to calls in flight after it has ended the connection, and makes no more calls", () =>
    Effect.gen(function* () {
      const { client, connection, requests, write } = yield* makePlayed(side)
      const call = yield* Effect.forkChild(client.Echo({ text: "a" }))
      const { id } = yield* Queue.take(requests)
      yield* connection.end
      assert.include((yield* Effect.flip(client.Echo({ text: "b" }))).message, "The connection to the plugin is ending")
      yield* write(`${answerTo(id, "right")}\n`)
      assert.strictEqual(yield* Fiber.join(call), "right")
    }),
  )
})
