import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { servePlugin } from "../../src/plugin/PluginServer.ts"
import { Cookie, NodeName } from "../../src/protocol/Identity.ts"
import { makeStdioPair } from "../../src/transport/StdioPair.ts"
import { plugin } from "../fixtures/plugins/suite/plugin.ts"
import { awaitStarted, create, read, unobserved } from "../operator/operations.ts"
import { connect, overMemory } from "../operator/overMemory.ts"
import { done, makeScripted } from "./scripted.ts"

describe("a served plugin that cannot read its stdin", () => {
  it.effect("ends with the cause, and does not wait to be killed", () =>
    Effect.gen(function* () {
      const pair = yield* makeStdioPair
      const exit = yield* servePlugin(plugin, {
        node: NodeName.make("suite-plugin@localhost"),
        cookie: Cookie.make("cookie"),
        pid: 1,
      }).pipe(
        Effect.provideService(Stdio.Stdio, { ...pair.plugin, stdin: Stream.die(new TypeError("no pipe")) }),
        Effect.exit,
      )
      assert.include(String(exit), "no pipe")
    }),
  )
})

describe("a served plugin whose agent has closed its end", () => {
  it.effect("ends at once if it has nothing to do, before its handshake too", () =>
    Effect.gen(function* () {
      const { connection, server } = yield* connect(plugin)
      yield* connection.end
      yield* Fiber.join(server)
      const greeted = yield* overMemory(plugin)
      yield* greeted.connection.end
      yield* Fiber.join(greeted.server)
    }),
  )

  it.effect("ends at once if no operation is watched", () =>
    Effect.gen(function* () {
      const { client, connection, server } = yield* overMemory(plugin)
      yield* client.Create(create("Later", { Name: "a", Polls: 9, StatusFails: [] }))
      yield* connection.end
      yield* Fiber.join(server)
    }),
  )

  it.effect("ends after half a second although a call is in flight", () =>
    Effect.gen(function* () {
      const { connection, operator, server } = yield* overMemory(plugin)
      const call = yield* Effect.forkChild(operator.perform(create("Slow", { Name: "a" }), unobserved))
      yield* awaitStarted(operator, "a")
      yield* connection.end
      yield* TestClock.adjust("499 millis")
      assert.isUndefined(server.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(server)
      yield* Fiber.interrupt(call)
    }),
  )

  it.effect("answers a call that ends in that time, and then ends", () =>
    Effect.gen(function* () {
      const slow = yield* makeScripted({ create: Effect.delay(done, "100 millis") })
      const { client, connection, server } = yield* overMemory(slow.plugin)
      const call = yield* Effect.forkChild(client.Create(create("Now", {})), { startImmediately: true })
      yield* client.Read(read("Now", "a"))
      yield* connection.end
      yield* TestClock.adjust("99 millis")
      assert.isUndefined(call.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.deepInclude(yield* Fiber.join(call), { status: "Succeeded" })
      yield* Fiber.join(server)
    }),
  )
})
