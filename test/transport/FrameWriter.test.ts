import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Sink from "effect/Sink"
import { makeFrameWriter } from "../../src/transport/FrameWriter.ts"

/** A writer, and its writes one by one. */
const makeWritten = Effect.fnUntraced(function* (freshLine = false) {
  const writer = yield* makeFrameWriter({ freshLine })
  const writes = yield* Queue.unbounded<string>()
  const draining = yield* Effect.forkChild(
    writer.drainInto(Sink.forEach((chunk) => Queue.offer(writes, String(chunk)))),
    { startImmediately: true },
  )
  return { writer, draining, next: Queue.take(writes), count: Queue.size(writes) }
})

const numbered = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${from + index}`)

describe("FrameWriter", () => {
  it.effect("joins the frames of one tick into one write", () =>
    Effect.gen(function* () {
      const { count, next, writer } = yield* makeWritten()
      for (const frame of ["a", "b", "c"]) assert.isTrue(writer.write(frame))
      assert.strictEqual(yield* next, "a\nb\nc\n")
      writer.write("d")
      assert.strictEqual(yield* next, "d\n")
      assert.strictEqual(yield* count, 0)
    }),
  )

  it.effect("writes at 16 frames without waiting for the end of the tick", () =>
    Effect.gen(function* () {
      const { next, writer } = yield* makeWritten()
      for (const frame of numbered(0, 40)) writer.write(frame)
      assert.deepEqual(
        [yield* next, yield* next, yield* next],
        [numbered(0, 16), numbered(16, 32), numbered(32, 40)].map((frames) => `${frames.join("\n")}\n`),
      )
    }),
  )

  it.effect("begins each write on a fresh line if something else may have left half a line", () =>
    Effect.gen(function* () {
      const { next, writer } = yield* makeWritten(true)
      writer.write("a")
      writer.write("b")
      assert.strictEqual(yield* next, "\na\nb\n")
    }),
  )

  it.effect("writes everything that is queued before it ends, and nothing after", () =>
    Effect.gen(function* () {
      const { count, draining, next, writer } = yield* makeWritten()
      writer.write("last")
      yield* writer.end
      assert.isFalse(writer.write("too late"))
      yield* Fiber.join(draining)
      assert.strictEqual(yield* next, "last\n")
      assert.strictEqual(yield* count, 0)
      yield* writer.end
    }),
  )
})

describe("FrameWriter that writes by a function", () => {
  type Done = (error?: Error) => void

  /** A writer, what it has written, and how to say that a write is done. */
  const makeDirect = Effect.fnUntraced(function* () {
    const writer = yield* makeFrameWriter({ freshLine: true })
    const writes: Array<string> = []
    const done: Array<Done> = []
    const drain = Effect.forkChild(
      Effect.exit(
        writer.drainBy((text, written) => {
          writes.push(text)
          done.push(written)
        }),
      ),
      { startImmediately: true },
    )
    return { writer, writes, done, drain }
  })
  const endOfTick = Effect.promise(() => Promise.resolve())

  it.effect("writes at the end of the tick or at 16 frames, without waiting for the write before", () =>
    Effect.gen(function* () {
      const { drain, writer, writes } = yield* makeDirect()
      yield* drain
      for (const frame of numbered(0, 20)) writer.write(frame)
      yield* endOfTick
      assert.deepEqual(
        writes,
        [numbered(0, 16), numbered(16, 20)].map((frames) => `\n${frames.join("\n")}\n`),
      )
    }),
  )

  it.effect("writes first what was queued before there was a function", () =>
    Effect.gen(function* () {
      const { drain, writer, writes } = yield* makeDirect()
      writer.write("before")
      yield* endOfTick
      yield* drain
      writer.write("after")
      yield* endOfTick
      assert.deepEqual(writes, ["\nbefore\n", "\nafter\n"])
    }),
  )

  it.effect("has ended when every write is done, and not before", () =>
    Effect.gen(function* () {
      const { done, drain, writer, writes } = yield* makeDirect()
      const draining = yield* drain
      writer.write("first")
      yield* endOfTick
      writer.write("last")
      yield* writer.end
      assert.isFalse(writer.write("too late"))
      assert.deepEqual(writes, ["\nfirst\n", "\nlast\n"])
      done[0]?.()
      assert.isUndefined(draining.pollUnsafe())
      done[1]?.()
      assert.strictEqual((yield* Fiber.join(draining))._tag, "Success")
    }),
  )

  it.effect("fails when a write fails", () =>
    Effect.gen(function* () {
      const { done, drain, writer } = yield* makeDirect()
      const draining = yield* drain
      writer.write("a")
      yield* endOfTick
      done[0]?.(new Error("EPIPE"))
      assert.include(String(yield* Fiber.join(draining)), "EPIPE")
    }),
  )
})
