import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { parseServerFrame } from "../../src/transport/Envelope.ts"
import { readFrames } from "../../src/transport/Frames.ts"

const frame = (id: number) => `{"_tag":"Chunk","requestId":${id},"values":[1]}`

/** What is read from these chunks, and how reading ended. */
const reading = Effect.fnUntraced(function* (chunks: ReadonlyArray<string | Uint8Array>, capBytes = 1024) {
  const frames: Array<unknown> = []
  const junk: Array<string> = []
  const bytes = Stream.fromIterable(
    chunks.map((chunk) => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk)),
  )
  const result = yield* Effect.result(
    readFrames(bytes, {
      parse: parseServerFrame,
      onFrame: (one) => Effect.sync(() => void frames.push("requestId" in one ? one.requestId : one._tag)),
      onJunk: (line) => Effect.sync(() => void junk.push(line)),
      capBytes,
    }),
  )
  return { frames, junk, result }
})

describe("readFrames", () => {
  it.effect("reads the frames around junk in the same chunk", () =>
    Effect.gen(function* () {
      const { frames, junk, result } = yield* reading([
        `${frame(1)}\nListening on 8080\n${frame(2)}\n{"_tag":"Exit","requestId":\n42\n${frame(3)}\n`,
      ])
      assert.deepEqual(frames, [1, 2, 3])
      assert.deepEqual(junk, ["Listening on 8080", `{"_tag":"Exit","requestId":`, "42"])
      assert.strictEqual(result._tag, "Success")
    }),
  )

  it.effect("reads the frames around binary", () =>
    Effect.gen(function* () {
      const binary = Uint8Array.from({ length: 256 }, (_, byte) => byte)
      const { frames, junk } = yield* reading([`${frame(1)}\n`, binary, `\n${frame(2)}\n`])
      assert.deepEqual(frames, [1, 2])
      assert.lengthOf(junk, 2)
    }),
  )

  it.effect("reads a frame that is split over many chunks, and a last one without a newline", () =>
    Effect.gen(function* () {
      const { frames } = yield* reading(Array.from(`${frame(1)}\r\n${frame(2)}`))
      assert.deepEqual(frames, [1, 2])
    }),
  )

  it.effect("skips junk that is too long, and continues to read", () =>
    Effect.gen(function* () {
      const { frames, junk, result } = yield* reading([`${"x".repeat(5000)}\n${frame(1)}\n`])
      assert.deepEqual(frames, [1])
      assert.lengthOf(junk, 1)
      assert.include(junk[0], "… (the rest of a line of more than 1024 bytes was skipped)")
      assert.strictEqual(result._tag, "Success")
    }),
  )

  it.effect("fails at a frame that is too long, because its caller would wait forever", () =>
    Effect.gen(function* () {
      const { frames, result } = yield* reading([`${frame(1)}\n{"_tag":"Exit","requestId":2,${"x".repeat(5000)}`])
      assert.deepEqual(frames, [1])
      assert.deepEqual(result._tag === "Failure" && result.failure, { _tag: "FrameTooLarge", capBytes: 1024 })
    }),
  )

  it.effect("keeps no more than 64 Ki characters of a junk line", () =>
    Effect.gen(function* () {
      const { junk } = yield* reading(["x".repeat(100_000)], 1024 * 1024)
      assert.strictEqual(junk[0]?.length, 64 * 1024)
    }),
  )
})
