import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { ProcessMemory } from "../../../src/agent/launch/ProcessMemory.ts"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import type { PluginOperator } from "../../../src/protocol/PluginOperator.ts"
import { type FakeProgram, ignoring, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { awaitStarted, create, unobserved } from "../../operator/operations.ts"
import { handshakeOf, handWritten } from "./handWritten.ts"
import { elapse, makeSupervised, tagsOf } from "./supervised.ts"

/** A plugin with a cap of 500 MiB, and what its launches have in use. */
const makeCapped = Effect.fnUntraced(function* (programOf: () => FakeProgram = () => serves(plugin)) {
  const resident = new Map<number, number>()
  const supervised = yield* makeSupervised({
    programOf,
    memory: Layer.succeed(
      ProcessMemory,
      ProcessMemory.of({ residentMiB: (pid) => Effect.sync(() => Option.fromNullishOr(resident.get(pid))) }),
    ),
    settings: {
      ...defaultSupervisionSettings,
      limits: { ...defaultSupervisionSettings.limits, residentMiB: 500 },
    },
  })
  const operator = yield* supervised.operator()
  const process = yield* supervised.nextReady
  return { ...supervised, found: operator, process, uses: (pid: number, mib: number) => void resident.set(pid, mib) }
})

/** Recycling is for a plugin that has grown: one that has served nothing yet is left alone. */
const serveOnce = (operator: PluginOperator["Service"]) =>
  Effect.asVoid(operator.perform(create("Now", { Name: "first" }), unobserved))

describe("P2: a plugin above its cap of memory", () => {
  it.effect("is left alone before it has served anything: it would be recycled forever", () =>
    Effect.gen(function* () {
      const { eventsSoFar, process, uses } = yield* makeCapped()
      uses(process.pid, 501)
      yield* elapse("10 seconds")
      assert.deepEqual(yield* eventsSoFar, [])
    }),
  )

  it.effect("is recycled when it is idle, at once, and that is not a crash", () =>
    Effect.gen(function* () {
      const { eventsSoFar, found, process, uses } = yield* makeCapped()
      yield* serveOnce(found)
      uses(process.pid, 500)
      yield* elapse("10 seconds")
      assert.deepEqual(yield* eventsSoFar, [])
      uses(process.pid, 501)
      yield* elapse("1 second")
      assert.deepEqual(yield* process.notices, ["EOF"])
      assert.deepEqual(yield* process.ended, { code: 0, signal: null })
      assert.deepEqual(yield* eventsSoFar, [
        { _tag: "Recycled", plugin: "suite", generation: 1, residentMiB: 501 },
        { _tag: "Launched", plugin: "suite", generation: 2 },
        { _tag: "Ready", plugin: "suite", generation: 2, pid: process.pid + 1, version: "1.2.3" },
      ])
      assert.strictEqual((yield* found.perform(create("Now", { Name: "a" }), unobserved)).status, "Succeeded")
    }),
  )

  it.effect("is recycled as often as it must be, and is never quarantined for that", () =>
    Effect.gen(function* () {
      const { eventsSoFar, found, process, uses } = yield* makeCapped()
      for (let launch = 0; launch < 20; launch++) {
        yield* serveOnce(found)
        uses(process.pid + launch, 501)
        yield* elapse("1 second")
      }
      const tags = tagsOf(yield* eventsSoFar)
      assert.deepEqual([...new Set(tags)], ["Recycled", "Launched", "Ready"])
      assert.lengthOf(tags, 60)
    }),
  )

  it.effect("is left alone while it is busy, and what comes meanwhile is served", () =>
    Effect.gen(function* () {
      const { eventsSoFar, found, process, uses } = yield* makeCapped()
      const slow = yield* Effect.forkChild(found.perform(create("Slow", { Name: "a" }), unobserved))
      yield* awaitStarted(found, "a")
      uses(process.pid, 501)
      yield* Effect.replicateEffect(elapse("500 millis"), 60)
      assert.strictEqual((yield* found.perform(create("Now", { Name: "a" }), unobserved)).status, "Succeeded")
      assert.deepEqual(yield* eventsSoFar, [])
      yield* Fiber.interrupt(slow)
      yield* elapse("2 seconds")
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Recycled", "Launched", "Ready"])
    }),
  )

  it.effect("loses no operation: one that comes while it leaves goes to the next launch", () =>
    Effect.gen(function* () {
      // Stays for a second after its stdin has ended.
      const { eventsUntil, found, process, uses } = yield* makeCapped(
        () => (process) => Effect.andThen(serves(plugin)(process), Effect.delay(Effect.succeed(0), "1 second")),
      )
      yield* serveOnce(found)
      uses(process.pid, 501)
      yield* elapse("1 second")
      assert.deepEqual(yield* process.notices, ["EOF"])
      assert.isTrue(yield* process.isRunning)
      const calls = yield* Effect.forEach(["a", "b", "c"], (Name) =>
        Effect.forkChild(found.perform(create("Now", { Name }), unobserved), { startImmediately: true }),
      )
      yield* elapse("999 millis")
      assert.isTrue(calls.every((call) => call.pollUnsafe() === undefined))
      yield* elapse("1 millis")
      for (const call of calls) assert.strictEqual((yield* Fiber.join(call)).status, "Succeeded")
      assert.deepInclude((yield* eventsUntil("Ready")).at(-1), { generation: 2 })
    }),
  )

  it.effect("P5: leaves within the bounds of a stop, also one that does not want to", () =>
    Effect.gen(function* () {
      const deaf: FakeProgram = (process) =>
        Effect.andThen(handWritten((request) => [handshakeOf(request, process)])(process), Effect.never)
      const { eventsSoFar, found, process, uses } = yield* makeCapped(() => ignoring(["SIGTERM"], deaf))
      // It is asked, and the caller gives up: nothing is under way any more.
      const given = yield* Effect.forkChild(serveOnce(found), { startImmediately: true })
      yield* Fiber.interrupt(given)
      uses(process.pid, 501)
      yield* elapse("1 second")
      const call = yield* Effect.forkChild(found.perform(create("Now", { Name: "a" }), unobserved), {
        startImmediately: true,
      })
      yield* elapse("2 seconds")
      assert.deepEqual(yield* process.notices, ["EOF", "SIGTERM"])
      yield* elapse("5 seconds")
      assert.deepEqual(yield* process.notices, ["EOF", "SIGTERM", "SIGKILL"])
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Recycled", "Launched", "Ready"])
      yield* Fiber.interrupt(call)
    }),
  )
})
