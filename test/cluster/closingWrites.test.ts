/** A write to a connection that is gone ends, so that its server can close. */
import { assert, describe, it } from "@effect/vitest"
import * as NodeSocket from "@effect/platform-node-shared/NodeSocket"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { once } from "node:events"
import { PassThrough } from "node:stream"
import { withClosingWrites } from "../../src/cluster/closingWrites.ts"

const open = Effect.gen(function* () {
  const connection = new PassThrough()
  const socket = withClosingWrites(yield* NodeSocket.fromDuplex(Effect.succeed(connection)))
  const { write, writeAll } = yield* socket.writer
  const reading = yield* Scope.make()
  const { pull } = yield* Scope.provide(socket.reader, reading)
  const close = Effect.promise(() => {
    const closed = once(connection, "close")
    connection.destroy()
    return closed
  })
  return { close, endReader: Scope.close(reading, Exit.void), pull, write, writeAll }
})

/** As a server answers: nobody interrupts it. */
const begin = <E>(write: Effect.Effect<void, E>) =>
  Effect.forkChild(Effect.uninterruptible(write), { startImmediately: true })

describe("a write to a connection", () => {
  it.effect("arrives while it is there", () =>
    Effect.gen(function* () {
      const { pull, write } = yield* open
      yield* write("pong")
      assert.deepEqual((yield* pull).map(String), ["pong"])
    }),
  )

  it.effect("ends with its reader if the connection was closed before, also if it begins later", () =>
    Effect.gen(function* () {
      const { close, endReader, write, writeAll } = yield* open
      yield* close
      const waiting = yield* begin(Effect.andThen(write("pong"), writeAll(["pong"])))
      assert.isUndefined(waiting.pollUnsafe())
      yield* endReader
      yield* Fiber.join(waiting)
      yield* write("pong")
    }),
  )
})
