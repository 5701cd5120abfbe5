import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Semaphore from "effect/Semaphore"
import { PluginLauncher } from "../../../src/agent/launch/PluginLauncher.ts"
import { makeOperatorSettingsOf } from "../../../src/agent/supervision/OperatorSettingsOf.ts"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { makeSupervisor, type Supervisor } from "../../../src/agent/supervision/Supervisor.ts"
import { Namespace } from "../../../src/protocol/Identity.ts"
import { defaultOperatorSettings, type OperatorSettings } from "../../../src/protocol/Settings.ts"
import { layerFakeLaunches, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create, unobserved } from "../../operator/operations.ts"
import { handshakeOf, handWritten, success } from "./handWritten.ts"
import { elapse, entryOf, inTime, makeSupervised, untilIdle } from "./supervised.ts"

const other = { name: "other", namespace: Namespace.make("Other") }

/** Greets, and answers nothing more. */
const silent = handWritten((request, process) => (request.tag === "Handshake" ? [handshakeOf(request, process)] : []))

describe("new settings for operators", () => {
  const noRetries = { ...defaultOperatorSettings, retry: { ...defaultOperatorSettings.retry, maxRetries: 0 } }
  const flaky = () => create("Flaky", { Fails: ["Throttling"] })

  it.effect("reach the plugins that run, and those that are started later", () =>
    Effect.gen(function* () {
      const { coordinator, eventsUntil, nextReady, operator, perform } = yield* makeSupervised()
      yield* operator()
      const process = yield* nextReady
      const retried = yield* Effect.forkChild(perform(flaky()), { startImmediately: true })
      yield* elapse("1 minute")
      assert.strictEqual((yield* Fiber.join(retried)).status, "Succeeded")
      yield* coordinator.configure(noRetries)
      assert.strictEqual((yield* perform(flaky())).status, "Failed")
      yield* process.exit(1)
      yield* eventsUntil("Ready")
      assert.strictEqual((yield* perform(flaky())).status, "Failed")
    }),
  )

  it.effect("reach a plugin that is being started", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make()
      const { coordinator, operator, perform } = yield* makeSupervised({
        programOf: () => (process) => Effect.andThen(gate.await, serves(plugin)(process)),
      })
      const starting = yield* Effect.forkChild(operator(), { startImmediately: true })
      yield* untilIdle
      yield* coordinator.configure(noRetries)
      yield* gate.open
      yield* Fiber.join(starting)
      assert.strictEqual((yield* perform(flaky())).status, "Failed")
    }),
  )

  it.effect("reach one plugin alone, and what is set for all later holds for it too", () =>
    Effect.gen(function* () {
      const { coordinator, eventsSoFar, operator } = yield* makeSupervised({
        entries: [entryOf("suite", "Suite"), entryOf("other", "Other")],
        programOf: ({ args }) => serves({ ...plugin, ...(args.at(-1)?.includes("other") ? other : {}) }),
        operatorOf: (name) => (name === "other" ? noRetries : undefined),
      })
      const statusOf = Effect.fnUntraced(function* (namespace: string) {
        const found = yield* operator(namespace)
        const running = yield* Effect.forkChild(found.perform(flaky(), unobserved), { startImmediately: true })
        yield* elapse("1 minute")
        return (yield* Fiber.join(running)).status
      })
      assert.deepEqual(yield* Effect.forEach(["Suite", "Other"], statusOf), ["Succeeded", "Failed"])
      yield* eventsSoFar
      yield* coordinator.configure(noRetries, "suite")
      yield* coordinator.configure(noRetries, "nobody")
      assert.deepEqual(yield* eventsSoFar, [{ _tag: "Configured", plugin: "suite", settings: noRetries }])
      yield* coordinator.configure(defaultOperatorSettings, "other")
      assert.deepEqual(yield* Effect.forEach(["Suite", "Other"], statusOf), ["Failed", "Succeeded"])
      yield* coordinator.configure(defaultOperatorSettings)
      assert.deepEqual(yield* Effect.forEach(["Suite", "Other"], statusOf), ["Succeeded", "Succeeded"])
    }),
  )

  it.effect("are not lost between the handshake and the moment from which the plugin serves", () =>
    Effect.gen(function* () {
      const launcher = yield* PluginLauncher
      let changed = false
      const supervisor: Supervisor = yield* makeSupervisor({
        options: { entry: entryOf("suite", "Suite"), supervision: defaultSupervisionSettings },
        recycleMillis: 1_000,
        launcher,
        operatorSettings: makeOperatorSettingsOf(defaultOperatorSettings),
        quarantine: undefined,
        onQuarantine: () => Effect.void,
        starts: Semaphore.makeUnsafe(1),
        // Who hears of each event sets them at the last moment before it serves.
        publish: ({ _tag }) =>
          Effect.suspend(() => {
            if (_tag !== "Ready" || changed) return Effect.void
            changed = true
            return supervisor.configure(noRetries)
          }),
      })
      const launch = yield* supervisor.ready()
      yield* untilIdle
      const done = yield* Effect.forkChild(launch.operator.perform(flaky(), unobserved), { startImmediately: true })
      yield* elapse("1 minute")
      assert.strictEqual((yield* Fiber.join(done)).status, "Failed")
      yield* inTime(supervisor.stop)
    }).pipe(Effect.provide(layerFakeLaunches(() => serves(plugin)))),
  )

  it.effect("arrive in the order in which they were set, and the newest of those that wait is enough", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const { coordinator, nextReady, operator } = yield* makeSupervised({
        programOf: () =>
          handWritten((request, process) => {
            if (request.tag === "Handshake") return [handshakeOf(request, process)]
            seen.push((request.payload as OperatorSettings).callTimeoutMillis)
            return [success(request, null)]
          }),
      })
      yield* operator()
      yield* nextReady
      for (const callTimeoutMillis of [1, 2, 3, 4]) {
        yield* Effect.forkChild(coordinator.configure({ ...noRetries, callTimeoutMillis }), { startImmediately: true })
        yield* Effect.replicateEffect(Effect.yieldNow, callTimeoutMillis)
      }
      yield* untilIdle
      assert.strictEqual(seen.at(-1), 4)
      assert.deepEqual(
        seen,
        seen.toSorted((one, next) => one - next),
      )
    }),
  )

  it.effect("are sent to the end, even if the plugin is slow or who has set them goes away", () =>
    Effect.gen(function* () {
      const others: Array<string> = []
      const { coordinator, nextReady, operator } = yield* makeSupervised({
        programOf: () =>
          handWritten(
            (request, process) => {
              others.push(request.tag)
              return request.tag === "Handshake" ? [handshakeOf(request, process)] : []
            },
            ({ _tag }) => void (_tag !== "Ping" && others.push(_tag)),
          ),
      })
      yield* operator()
      yield* nextReady
      const first = yield* Effect.forkChild(coordinator.configure(noRetries), { startImmediately: true })
      yield* untilIdle
      const second = yield* Effect.forkChild(coordinator.configure({ ...noRetries, logLevel: "Debug" }), {
        startImmediately: true,
      })
      yield* untilIdle
      yield* Fiber.interruptAll([first, second])
      yield* elapse("12 seconds")
      yield* elapse("12 seconds")
      assert.deepEqual(others, ["Handshake", "Configure", "Configure"])
    }),
  )

  it.effect("wait no longer than a handshake may take for a plugin that does not answer", () =>
    Effect.gen(function* () {
      const { coordinator, nextReady, operator } = yield* makeSupervised({ programOf: () => silent })
      yield* operator()
      yield* nextReady
      const configuring = yield* Effect.forkChild(coordinator.configure(noRetries), { startImmediately: true })
      yield* elapse("10 seconds")
      yield* Fiber.join(configuring)
    }),
  )

  it.effect("end a plugin that hangs, which would never take them: it is pinged for them as for an operation", () =>
    Effect.gen(function* () {
      const { coordinator, eventsUntil, nextReady, operator } = yield* makeSupervised({ programOf: () => silent })
      yield* operator()
      yield* nextReady
      yield* Effect.forkChild(coordinator.configure(noRetries), { startImmediately: true })
      yield* elapse("1 minute")
      const events = yield* eventsUntil("Stalled")
      assert.isTrue(events.some(({ _tag }) => _tag === "Stalled"))
    }),
  )

  it.effect("do no harm to a plugin that knows no such call", () =>
    Effect.gen(function* () {
      const { coordinator, nextReady, operator } = yield* makeSupervised({
        programOf: () =>
          handWritten((request, process) =>
            request.tag === "Handshake"
              ? [handshakeOf(request, process)]
              : [
                  JSON.stringify({
                    _tag: "Exit",
                    requestId: request.id,
                    exit: { _tag: "Failure", cause: [{ _tag: "Die", defect: "Unknown request tag: Configure" }] },
                  }),
                ],
          ),
      })
      yield* operator()
      const process = yield* nextReady
      yield* coordinator.configure(noRetries)
      assert.isTrue(yield* process.isRunning)
    }),
  )
})
