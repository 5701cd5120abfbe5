import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { create, list, read } from "../operator/operations.ts"
import { overMemory } from "../operator/overMemory.ts"
import { accepted, makeScripted, refuse, type Script } from "./scripted.ts"

describe("an operation whose Watch is interrupted", () => {
  it.effect.each<[string, Script, string]>([
    ["polled", { create: accepted, status: [accepted] }, "status"],
    ["tried", { create: refuse("Throttling") }, "create"],
  ])("is not %s any more, and is not known any more", ([, script, call]) =>
    Effect.gen(function* () {
      const { plugin, timesOf } = yield* makeScripted(script)
      const { client } = yield* overMemory(plugin)
      const operation = create("Now", {})
      const { operationId } = operation
      assert.deepInclude(yield* client.Create(operation), { status: "InProgress", attempts: 1 })
      const watching = yield* Effect.forkChild(Stream.runDrain(client.Watch({ operationId })), {
        startImmediately: true,
      })
      // Each answer shows that the frame before it has arrived.
      yield* client.Read(read("Now", "n"))
      yield* TestClock.adjust("1 second")
      const made = timesOf(call).length
      assert.isAbove(made, call === "create" ? 1 : 0)
      yield* Fiber.interrupt(watching)
      yield* client.Read(read("Now", "n"))
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(timesOf(call), made)
      const error = yield* Effect.flip(Stream.runDrain(client.Watch({ operationId })))
      assert.strictEqual(error._tag, "ProtocolError")
      assert.deepInclude(yield* client.Create(operation), { status: "InProgress", attempts: 1 })
    }),
  )
})

describe("a type that is not listable", () => {
  it.effect("says that it is not, and answers List with OperationNotSupported", () =>
    Effect.gen(function* () {
      const { plugin } = yield* makeScripted({})
      assert.deepEqual(
        [...plugin.types.values()].map(({ capabilities }) => capabilities.listable),
        [false],
      )
      const { client } = yield* overMemory(plugin)
      const error = yield* Effect.flip(client.List(list("Now")))
      assert.deepInclude(error, {
        _tag: "OperationNotSupported",
        operation: "List",
        message: "Suite::Now::Thing does not support List",
      })
    }),
  )
})
