import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import { definePlugin } from "../../../src/plugin/ResourcePlugin.ts"
import {
  exitsAtOnce,
  type FakeProcess,
  type FakeProgram,
  type FakeSpawn,
  neverAnswers,
  serves,
} from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create } from "../../operator/operations.ts"
import { handWritten } from "./handWritten.ts"
import { elapse, entryOf, makeSupervised, untilIdle, tagsOf } from "./supervised.ts"

/** Processes with these numbers do not answer, and are there to be killed. */
const silentAt =
  (...numbers: ReadonlyArray<number>) =>
  ({ number }: FakeSpawn): FakeProgram =>
    numbers.includes(number) ? neverAnswers : serves(plugin)

const start = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(effect, { startImmediately: true })

/** Ends its handshake as a program of Effect does that is interrupted, and waits. */
const givesUp = handWritten(({ id }) => [
  JSON.stringify({
    _tag: "Exit",
    requestId: id,
    exit: { _tag: "Failure", cause: [{ _tag: "Interrupt", fiberId: 1 }] },
  }),
])

/** Kills the process that is started next, before its handshake. */
const killNext = ({ spawns }: { readonly spawns: Queue.Dequeue<FakeProcess> }) =>
  Effect.andThen(
    Effect.flatMap(Queue.take(spawns), (process) => Effect.andThen(untilIdle, process.signal("SIGKILL"))),
    untilIdle,
  )

describe("a plugin that is killed while it starts", () => {
  it.effect("for the first time is started again, and its callers keep waiting", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({ programOf: silentAt(1) })
      const waiting = yield* start(supervised.operator())
      yield* killNext(supervised)
      yield* Fiber.join(waiting)
      const seen = yield* supervised.eventsUntil("Ready")
      assert.deepEqual(tagsOf(seen), ["Launched", "StartFailed", "RestartingIn", "Launched", "Ready"])
      assert.deepInclude(seen[1], { generation: 1, reason: "it was ended by SIGKILL" })
      assert.deepInclude(seen[2], { delayMillis: 0 })
    }),
  )

  it.effect("P6: again and again is restarted after the delays of its policy", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({ programOf: silentAt(1, 2, 3) })
      const waiting = yield* start(supervised.perform(create("Now", { Name: "a" })))
      yield* killNext(supervised)
      yield* killNext(supervised)
      yield* elapse("199 millis")
      assert.strictEqual(yield* Queue.size(supervised.spawns), 0)
      yield* elapse("1 millis")
      yield* killNext(supervised)
      yield* elapse("399 millis")
      assert.strictEqual(yield* Queue.size(supervised.spawns), 0)
      yield* elapse("1 millis")
      assert.strictEqual((yield* Fiber.join(waiting)).status, "Succeeded")
    }),
  )

  it.effect("after a crash is started again, and no waiting operation is lost", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({ programOf: silentAt(2) })
      yield* supervised.operator()
      yield* Effect.flatMap(supervised.nextReady, (process) => process.signal("SIGKILL"))
      yield* supervised.eventsUntil("Launched")
      const waiting = yield* start(supervised.perform(create("Now", { Name: "a" })))
      yield* killNext(supervised)
      assert.deepEqual(tagsOf(yield* supervised.eventsUntil("RestartingIn")), ["StartFailed", "RestartingIn"])
      yield* elapse("200 millis")
      assert.strictEqual((yield* Fiber.join(waiting)).status, "Succeeded")
    }),
  )

  it.effect("P6: more often than its policy allows is quarantined, and its callers fail with that", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({ programOf: () => neverAnswers, policy: null })
      const waiting = yield* start(Effect.flip(supervised.operator()))
      for (let kills = 1; kills <= 5; kills++) {
        yield* killNext(supervised)
        assert.isUndefined(waiting.pollUnsafe())
        const { delayMillis } = yield* supervised.next("RestartingIn")
        yield* elapse(delayMillis)
      }
      yield* killNext(supervised)
      assert.deepInclude(yield* Fiber.join(waiting), {
        _tag: "PluginQuarantined",
        restarts: 5,
        reason: "could not be started: it was ended by SIGKILL",
      })
    }),
  )

  it.effect("and then fails to start is given up, as one that was not killed", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({
        programOf: ({ number }) => (number === 1 ? neverAnswers : exitsAtOnce(1)),
      })
      const waiting = yield* start(Effect.flip(supervised.operator()))
      yield* killNext(supervised)
      assert.strictEqual((yield* Fiber.join(waiting))._tag, "PluginStartFailed")
    }),
  )

  it.effect.each([
    ["dies of it", "SIGTERM", (process: FakeProcess) => process.signal("SIGTERM")],
    ["exits with 128 and its number", "SIGINT", (process: FakeProcess) => process.exit(130)],
  ] as const)("by a signal that it catches, and ends its handshake and then %s, is started again", ([, signal, end]) =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({
        programOf: ({ number }) => (number === 1 ? givesUp : serves(plugin)),
      })
      const waiting = yield* start(supervised.operator())
      const process = yield* Queue.take(supervised.spawns)
      // Meanwhile it releases what it holds.
      yield* elapse("500 millis")
      yield* end(process)
      yield* Fiber.join(waiting)
      const seen = yield* supervised.eventsUntil("Ready")
      assert.deepEqual(tagsOf(seen), ["Launched", "StartFailed", "RestartingIn", "Launched", "Ready"])
      assert.deepInclude(seen[1], { reason: `it was ended by ${signal}`, cause: { _tag: "Signalled", signal } })
    }),
  )

  it.effect("and exits with 0, as a program that leaves by itself does, is given up", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({ programOf: () => givesUp })
      const waiting = yield* start(Effect.flip(supervised.operator()))
      yield* Effect.flatMap(Queue.take(supervised.spawns), (process) => Effect.andThen(untilIdle, process.exit(0)))
      assert.deepInclude(yield* Fiber.join(waiting), { _tag: "PluginStartFailed", cause: { _tag: "Exited", code: 0 } })
    }),
  )

  it.effect("P2: is the only plugin that is affected", () =>
    Effect.gen(function* () {
      const other = definePlugin({ name: "other", namespace: "Other", version: "1.0.0", types: [] })
      const supervised = yield* makeSupervised({
        entries: [entryOf("suite", "Suite"), entryOf("other", "Other")],
        programOf: (spawn) => (spawn.args.includes("/plugins/other/main.js") ? serves(other) : silentAt(1)(spawn)),
      })
      const victim = yield* start(supervised.operator("Suite"))
      const process = yield* Queue.take(supervised.spawns)
      yield* supervised.operator("Other")
      const neighbour = yield* Queue.take(supervised.spawns)
      assert.isUndefined(victim.pollUnsafe())
      yield* process.signal("SIGKILL")
      yield* Fiber.join(victim)
      assert.strictEqual(yield* Queue.size(supervised.spawns), 1)
      assert.isTrue(yield* neighbour.isRunning)
      assert.deepEqual(yield* neighbour.notices, [])
    }),
  )

  it.effect("does not keep a caller for longer than each may wait", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({
        programOf: silentAt(1, 2, 3),
        policy: {
          delays: Schedule.spaced("25 seconds"),
          intensity: { restarts: 100, withinMillis: 60_000 },
          healthyPeriod: Duration.seconds(60),
        },
      })
      const first = yield* start(Effect.flip(supervised.operator()))
      yield* killNext(supervised)
      yield* elapse("25 seconds")
      yield* killNext(supervised)
      yield* elapse("5 seconds")
      const second = yield* start(supervised.operator())
      yield* elapse("20 seconds")
      yield* killNext(supervised)
      yield* elapse("9999 millis")
      assert.isUndefined(first.pollUnsafe())
      yield* elapse("1 millis")
      assert.deepInclude(yield* Fiber.join(first), {
        _tag: "PluginDown",
        waitedMillis: 60_000,
        reason: "could not be started: it was ended by SIGKILL",
        nextAttemptMillis: 15_000,
      })
      assert.isUndefined(second.pollUnsafe())
      yield* elapse("15 seconds")
      yield* Fiber.join(second)
    }),
  )

  it.effect("P2: between two crashes with an operation in flight does not clear that of suspicion", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({ programOf: silentAt(2) })
      const suspect = create("Slow", { Name: "suspect" })
      const crashWith = Effect.fnUntraced(function* () {
        const call = yield* start(Effect.flip(supervised.perform(suspect)))
        yield* Effect.flatMap(supervised.nextReady, (process) => Effect.andThen(untilIdle, process.exit(9)))
        yield* Fiber.join(call)
      })
      yield* crashWith()
      yield* killNext(supervised)
      yield* elapse("200 millis")
      yield* crashWith()
      assert.strictEqual((yield* supervised.next("Poisoned")).operationId, suspect.operationId)
    }),
  )
})

describe("a plugin whose process ends while a child of it holds its pipes", () => {
  it.effect("fails its start when it ends, and not at the deadline of the handshake", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised({ programOf: () => neverAnswers })
      const waiting = yield* start(Effect.flip(supervised.operator()))
      yield* Effect.flatMap(Queue.take(supervised.spawns), (process) => process.exitHoldingPipes(7))
      yield* elapse("250 millis")
      assert.deepInclude(waiting.pollUnsafe(), { _tag: "Success" })
      const error = yield* Fiber.join(waiting)
      assert.strictEqual(error._tag === "PluginStartFailed" && error.reason, "it exited with code 7")
    }),
  )
})
