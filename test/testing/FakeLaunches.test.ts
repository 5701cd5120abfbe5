/** How a host tests what it does when a plugin crashes, with the controls of the processes in its own hands. */
import { assert, describe, it } from "@effect/vitest"
import { PluginCoordinator } from "formae/agent"
import { NativeId, Operation, OperationId, ResourceType } from "formae/protocol"
import { exitsAtOnce, type FakeProgram, FakeSpawner, layerFakePlugins, serves } from "formae/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { plugin } from "../fixtures/plugins/suite/plugin.ts"

/** The host's own code. A read can always be sent again. */
const readTwice = Effect.fnUntraced(
  function* (name: string) {
    const coordinator = yield* PluginCoordinator
    const operation = Operation.cases.Read.make({
      operationId: OperationId.make(`read ${name}`),
      resourceType: ResourceType.make("Suite::Now::Thing"),
      targetConfig: { region: "eu-west-1" },
      label: name,
      nativeId: NativeId.make(name),
    })
    const { operationId } = operation
    const request = { namespace: "Suite", resourceUri: `test/${name}`, operation: "Read", operationId } as const
    const operator = yield* coordinator.operator(request)
    return yield* operator.perform(operation, () => Effect.void)
  },
  Effect.retry({ times: 1, while: ({ _tag }) => _tag === "ConnectionLost" }),
)

const layerOf = (program: FakeProgram) =>
  PluginCoordinator.layerNoDeps().pipe(
    Layer.provideMerge(layerFakePlugins([{ name: "suite", namespace: "Suite", programOf: () => program }])),
  )

describe("a host that reads once more when the plugin has crashed", () => {
  it.effect("gets its answer from the next launch", () =>
    Effect.gen(function* () {
      const { spawns } = yield* FakeSpawner
      const { events } = yield* PluginCoordinator
      const restarts = yield* events.pipe(
        Stream.filter(({ _tag }) => _tag === "RestartingIn"),
        Stream.toQueue({ capacity: "unbounded" }),
      )
      yield* readTwice("a")
      // The first restart is immediate, the second comes after about a fifth of a second.
      for (const [name, delay] of [["b", "0 millis"] as const, ["c", "1 second"] as const]) {
        const process = yield* Queue.take(spawns)
        const reading = yield* Effect.forkChild(readTwice(name), { startImmediately: true })
        yield* process.exit(9)
        // The restart is scheduled by now, so that advancing the clock reaches it.
        yield* Queue.take(restarts)
        yield* TestClock.adjust(delay)
        assert.strictEqual((yield* Fiber.join(reading)).status, "Succeeded")
      }
    }).pipe(Effect.provide(layerOf(serves(plugin)))),
  )

  it.effect("gets the reason if the plugin cannot be started", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(readTwice("a"))
      assert.strictEqual(error._tag, "PluginStartFailed")
      assert.include(error.message, "it exited with code 1. It printed:\n  no license was found")
    }).pipe(Effect.provide(layerOf(exitsAtOnce(1, "no license was found\n")))),
  )
})
