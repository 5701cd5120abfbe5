import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { hurried, visit } from "./visit.ts"

const unasked = { ...hurried, health: { tickMillis: 60_000, suspectMillis: 60_000, stalledMillis: 60_000 } }

describe.concurrent("a plugin that prints other things than frames", () => {
  it.live("P1: before its frames, between them, and as half a line in front of one, is understood", () =>
    Effect.gen(function* () {
      const museum = yield* visit("prints-around-its-frames")
      assert.deepEqual(yield* museum.properties("a"), { Says: "hello" })
      assert.deepEqual(yield* museum.properties("b"), { Says: "hello" })
      const seen = yield* museum.printed("progress: 50 %")
      assert.isTrue(seen.some((event) => event._tag === "Junk" && event.line === "Museum 1.0, all rights reserved"))
    }),
  )

  it.live("P1: in bytes that are not text, is understood", () =>
    Effect.gen(function* () {
      const museum = yield* visit("prints-binary")
      assert.deepEqual(yield* museum.properties("a"), { Says: "ünïcode ✓" })
      assert.deepEqual(yield* museum.properties("b"), { Says: "ünïcode ✓" })
      yield* museum.neighbourIsUnharmed
    }),
  )

  it.live("P1: or sends its frames byte by byte, with CRLF and a byte order mark, is understood", () =>
    Effect.gen(function* () {
      const museum = yield* visit("writes-byte-by-byte")
      assert.deepEqual(yield* museum.properties("a"), { Says: "ünïcode ✓ 🐘" })
      assert.deepEqual(yield* museum.properties("b"), { Says: "ünïcode ✓ 🐘" })
    }),
  )

  it.live("P1: that look like frames, is understood", () =>
    Effect.gen(function* () {
      const museum = yield* visit("prints-what-looks-like-frames")
      assert.deepEqual(yield* museum.properties("a"), {})
      const seen = yield* museum.printed("45 characters that look like a frame but are not one")
      const lines = seen.flatMap((event) => (event._tag === "Junk" ? [event.line ?? ""] : []))
      assert.lengthOf(lines, 20)
      assert.includeMembers(lines, ["42", "null", "{}", "}", '{"level":"info","message":"read"}'])
      assert.notInclude(lines.join(), "_tag")
    }),
  )

  it.live("P1: 100 MB without a newline, is understood", () =>
    Effect.gen(function* () {
      // Its answer to a ping would be a newline.
      const museum = yield* visit("prints-an-endless-line", unasked)
      yield* museum.properties("a")
      const { line = "" } = yield* museum.next("Junk")
      assert.match(line, /^x{256}… \(the rest of a line of more than 16777216 bytes/)
      yield* museum.properties("b")
      yield* museum.neighbourIsUnharmed
    }),
  )

  it.live("P1: while 1,000 calls are made, answers each of them", () =>
    Effect.gen(function* () {
      const museum = yield* visit("floods-stdout")
      const names = Array.from({ length: 1000 }, (_, index) => `n-${index}`)
      const answers = yield* Effect.forEach(names, museum.properties, { concurrency: "unbounded" })
      assert.deepEqual(
        answers.map(({ Says }) => Says),
        names,
      )
      yield* museum.neighbourIsUnharmed
    }),
  )

  it.live("P1: on stderr, 20 MB without a newline, has its line cut, and its later lines are logged", () =>
    Effect.gen(function* () {
      const museum = yield* visit("logs-an-endless-line")
      yield* museum.properties("a")
      yield* museum.properties("b")
      // The calls are answered once the log is written; it is read to the end when the plugin has ended.
      yield* museum.close
      assert.include(museum.logged, "still here")
      assert.isBelow(Math.max(...museum.logged.map((line) => line.length)), 128 * 1024)
    }),
  )

  it.live("P2: on stderr, faster than it is read, is read nevertheless", () =>
    Effect.gen(function* () {
      const museum = yield* visit("floods-stderr")
      yield* Effect.forEach(["a", "b", "c"], museum.properties, { concurrency: "unbounded" })
      yield* museum.neighbourIsUnharmed
    }),
  )
})

describe.concurrent("a plugin whose stdout can no longer be read", () => {
  it.live("P1: because a frame was too large, is ended and restarted", () =>
    Effect.gen(function* () {
      const museum = yield* visit("sends-an-oversize-frame")
      yield* museum.properties("small")
      const error = yield* Effect.flip(museum.read("big"))
      assert.strictEqual(error._tag, "ConnectionLost")
      assert.include(error.message, "a frame of more than 16777216 bytes")
      assert.include((yield* museum.next("Crashed")).reason, "broke the protocol")
      yield* museum.properties("small")
      yield* museum.neighbourIsUnharmed
    }),
  )

  it.live("P2: because it closed it and lives on, is ended and restarted", () =>
    Effect.gen(function* () {
      const museum = yield* visit("closes-its-stdout")
      const error = yield* Effect.flip(museum.read("any"))
      assert.strictEqual(error._tag, "ConnectionLost")
      assert.include((yield* museum.next("Crashed")).reason, "broke the protocol: The plugin closed its stdout")
      yield* museum.next("Ready")
      yield* museum.neighbourIsUnharmed
    }),
  )
})
