/** An agent that hangs: somebody listens, and says nothing. */
import { createServer, type Socket } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { isListening } from "../../src/cli/staying/findAgent.ts"
import { connect } from "../../src/control/remote/Connection.ts"
import { makeSocketFolder } from "./remoteAgent.ts"

const makeSilent = Effect.gen(function* () {
  const socket = join(yield* makeSocketFolder, "agent.sock")
  const asked = yield* Deferred.make<void>()
  const connections = new Set<Socket>()
  const server = createServer((connection) => {
    connections.add(connection)
    connection.on("data", () => Deferred.doneUnsafe(asked, Exit.void))
    connection.on("error", () => undefined)
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => void server.listen(socket, () => resume(Effect.void))),
    () =>
      Effect.callback<void>((resume) => {
        for (const connection of connections) connection.destroy()
        server.close(() => resume(Effect.void))
      }),
  )
  return { asked: Deferred.await(asked), socket }
})

describe("an agent that hangs", () => {
  it.effect("is waited for with a bound", () =>
    Effect.gen(function* () {
      const { asked, socket } = yield* makeSilent
      assert.isTrue(yield* isListening(socket))
      const connecting = yield* Effect.forkChild(Effect.flip(connect({ socket })), { startImmediately: true })
      yield* asked
      yield* TestClock.adjust("4999 millis")
      assert.isUndefined(connecting.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      const { message, reason } = yield* Fiber.join(connecting)
      assert.deepEqual(reason, { _tag: "NoAnswer", waitedMillis: 5_000 })
      assert.match(message, /has not answered for 5s: its process hangs/)
    }),
  )
})
