import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { answerTo, makePlayed } from "./echo.ts"

const junk = `${"goodbye ".repeat(8191)}goodbye\n`
const severalMiB = junk.repeat(40)

describe("a plugin that prints without end when it is asked to leave", () => {
  it.effect("P15: is not read for ever", () =>
    Effect.gen(function* () {
      const { connection, junk: read, write } = yield* makePlayed("ours")
      yield* connection.end
      // The reader is gone before all of it is written.
      yield* Effect.forkScoped(Effect.forEach(Array.from({ length: 100 }), () => write(junk)))
      assert.strictEqual(yield* connection.closed, "The plugin went on printing when its stdin had ended")
      assert.isAtMost(read.length, 16)
    }),
  )

  it.effect("is read to the end before that, and as long as it owes an answer", () =>
    Effect.gen(function* () {
      const { client, connection, junk: read, requests, write } = yield* makePlayed("ours")
      const call = yield* Effect.forkChild(client.Echo({ text: "a" }))
      const { id } = yield* Queue.take(requests)
      yield* write(severalMiB)
      yield* connection.end
      yield* write(severalMiB)
      yield* write(`${answerTo(id, "the last answer")}\n`)
      assert.strictEqual(yield* Fiber.join(call), "the last answer")
      assert.lengthOf(read, 80)
    }),
  )
})
