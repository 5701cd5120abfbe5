/** A test of a host: its plugin crashes three times in the middle of a create, and the fourth launch succeeds. */
import { assert, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { Agent, defaultSupervisionSettings, PluginCoordinator } from "formae/agent"
import { beforeCall, crash, fakePlugin, firstCalls, layerFakePlugins, layerTestStore, withFaults } from "formae/testing"
import { notes } from "./notes.ts"
import { makeTwoNotes } from "./twoNotes.ts"

const crashing = withFaults(notes, beforeCall(firstCalls("Create", 3), crash("SIGSEGV")))
const { limits, ...supervision } = defaultSupervisionSettings

const layerCoordinator = PluginCoordinator.layerNoDeps({
  // By default an operation is set aside after two crashes in a row.
  supervision: () => ({ ...supervision, limits: { ...limits, operationCrashes: 4 } }),
  policy: () => ({
    delays: Schedule.spaced("10 seconds"),
    intensity: { restarts: 3, withinMillis: 60_000 },
    healthyPeriod: Duration.minutes(1),
  }),
}).pipe(Layer.provide(layerFakePlugins([fakePlugin(crashing)])))

const layer = Agent.layer.pipe(Layer.provide(layerTestStore), Layer.provideMerge(layerCoordinator))

it.effect("a create whose plugin crashes three times succeeds in the fourth launch, after 30 seconds", () =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const { events } = yield* PluginCoordinator
    const restarts = yield* events.pipe(
      Stream.filter((event) => event._tag === "RestartingIn"),
      Stream.toQueue({ capacity: "unbounded" }),
    )
    const applying = yield* Effect.forkChild(agent.apply(yield* makeTwoNotes("tea")))
    for (let crashes = 1; crashes <= 3; crashes++) {
      yield* Queue.take(restarts)
      yield* TestClock.adjust("10 seconds")
    }
    const { resources, status } = yield* Fiber.join(applying)
    assert.strictEqual(status, "succeeded")
    assert.deepInclude(resources[0], { label: "hello", nativeId: "tea-hello", attempts: 4, durationMillis: 30_000 })
    assert.lengthOf(resources[0]?.crashes ?? [], 3)
  }).pipe(Effect.provide(layer)),
)
