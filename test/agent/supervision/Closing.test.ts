import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { type FakeProgram, ignoring, neverAnswers, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create, unobserved } from "../../operator/operations.ts"
import { done, makeScripted } from "../../plugin/scripted.ts"
import { handshakeOf, handWritten } from "./handWritten.ts"
import {
  elapse,
  entryOf,
  makeSupervised,
  millisTaken,
  untilIdle,
  type SupervisedOptions,
  tagsOf,
} from "./supervised.ts"

const { drainMillis, inputEndedMillis, terminateMillis } = defaultSupervisionSettings.stop

/** What is declared: the sum of the steps of a stop. */
const bound = drainMillis + inputEndedMillis + terminateMillis

/** Greets, answers nothing more, and does not leave when its stdin ends. */
const deaf: FakeProgram = (process) =>
  Effect.andThen(
    handWritten((request) => (request.tag === "Handshake" ? [handshakeOf(request, process)] : []))(process),
    Effect.never,
  )

type Supervised = Effect.Success<ReturnType<typeof makeSupervised>>

/** Has an operation in flight that does not end by itself. */
const busy = Effect.fnUntraced(function* ({ nextReady, operator }: Supervised) {
  const found = yield* operator()
  yield* nextReady
  yield* Effect.forkChild(Effect.ignore(found.perform(create("Slow", { Name: "a" }), unobserved)))
  yield* untilIdle
})

const idle = ({ nextReady, operator }: Supervised) => Effect.andThen(operator(), nextReady)

const starting = ({ operator, spawns }: Supervised) =>
  Effect.andThen(
    Effect.forkChild(Effect.ignore(operator()), { startImmediately: true }),
    Effect.andThen(Queue.take(spawns), untilIdle),
  )

const crashed = (times: number) =>
  Effect.fnUntraced(function* ({ eventsUntil, nextReady, operator }: Supervised) {
    yield* operator()
    for (let crashes = 0; crashes < times; crashes++) {
      yield* Effect.flatMap(nextReady, (process) => process.exit(1))
      const last = (yield* eventsUntil("RestartingIn", "Quarantined")).at(-1)
      if (crashes + 1 < times && last?._tag === "RestartingIn") yield* elapse(last.delayMillis)
    }
  })

interface Case {
  readonly state: string
  readonly reach: (supervised: Supervised) => Effect.Effect<unknown, unknown>
  readonly programOf?: SupervisedOptions["programOf"]
  /** To the millisecond. */
  readonly takes: number
}

const cases: ReadonlyArray<Case> = [
  { state: "was not started", reach: () => Effect.void, takes: 0 },
  { state: "is in its handshake", programOf: () => neverAnswers, reach: starting, takes: inputEndedMillis },
  {
    state: "is in its handshake, and ignores SIGTERM",
    programOf: () => ignoring(["SIGTERM"], neverAnswers),
    reach: starting,
    takes: inputEndedMillis + terminateMillis,
  },
  { state: "is idle", reach: idle, takes: 0 },
  { state: "is idle, and does not leave", programOf: () => deaf, reach: idle, takes: inputEndedMillis },
  {
    state: "is idle, does not leave, and ignores SIGTERM",
    programOf: () => ignoring(["SIGTERM"], deaf),
    reach: idle,
    takes: inputEndedMillis + terminateMillis,
  },
  // What it still does is cancelled then, and it leaves.
  { state: "is busy", reach: busy, takes: drainMillis },
  { state: "is busy, and hangs", programOf: () => deaf, reach: busy, takes: drainMillis + inputEndedMillis },
  {
    state: "is busy, hangs, and ignores SIGTERM",
    programOf: () => ignoring(["SIGTERM"], deaf),
    reach: busy,
    takes: bound,
  },
  { state: "waits for its restart", reach: crashed(2), takes: 0 },
  { state: "is quarantined", reach: crashed(4), takes: 0 },
]

describe("P5: closing is bounded, to the millisecond, of a plugin that", () => {
  for (const { programOf, reach, state, takes } of cases) {
    it.effect(`${state}: ${takes} ms`, () =>
      Effect.gen(function* () {
        const supervised = yield* makeSupervised({ programOf: programOf ?? (() => serves(plugin)) })
        yield* reach(supervised)
        assert.strictEqual(yield* millisTaken(supervised.stop), takes)
        assert.isAtMost(takes, bound)
        // Whatever comes then is refused, and starts nothing.
        yield* elapse("1 hour")
        assert.strictEqual((yield* Effect.flip(supervised.operator()))._tag, "AgentStopping")
        assert.strictEqual(yield* Queue.size(supervised.spawns), 0)
      }),
    )
  }

  it.effect(`is one of ten that all hang: they are closed side by side`, () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 10 }, (_, index) => `n${index}`)
      const { operator, spawns, stop } = yield* makeSupervised({
        entries: names.map((name) => entryOf(name, name)),
        programOf: () => ignoring(["SIGTERM"], neverAnswers),
      })
      for (const name of names) yield* Effect.forkChild(Effect.ignore(operator(name)), { startImmediately: true })
      yield* untilIdle
      // Eight are started at once; the other two wait for their turn, and it does not come any more.
      assert.strictEqual(yield* Queue.size(spawns), 8)
      assert.strictEqual(yield* millisTaken(stop), inputEndedMillis + terminateMillis)
      assert.strictEqual(yield* Queue.size(spawns), 8)
    }),
  )
})

describe("P5: while its agent stops, a plugin", () => {
  /** A plugin whose creates take ten seconds, with one on its way. */
  const makeDraining = Effect.gen(function* () {
    const slow = yield* makeScripted({ create: Effect.delay(done, "10 seconds") })
    const supervised = yield* makeSupervised({ programOf: () => serves(slow.plugin) })
    const operator = yield* supervised.operator()
    const process = yield* supervised.nextReady
    const operation = create("Now", {})
    const call = yield* Effect.forkChild(Effect.exit(operator.perform(operation, unobserved)), {
      startImmediately: true,
    })
    yield* untilIdle
    const stopping = yield* Effect.forkChild(supervised.stop, { startImmediately: true })
    yield* untilIdle
    return { ...supervised, found: operator, process, operation, call, stopping }
  })

  it.effect("ends what is in flight, and then its stdin ends", () =>
    Effect.gen(function* () {
      const { call, eventsSoFar, operation, process, stopping } = yield* makeDraining
      assert.deepEqual(yield* eventsSoFar, [
        { _tag: "Draining", plugin: "suite", generation: 1, operations: [operation.operationId] },
      ])
      // In steps: an answer to a ping needs a moment in which time stands still.
      yield* Effect.replicateEffect(elapse(500), 19)
      yield* elapse(499)
      assert.deepEqual(yield* process.notices, [])
      yield* elapse(1)
      yield* Fiber.join(stopping)
      assert.deepEqual(yield* process.notices, ["EOF"])
      assert.deepEqual(yield* process.ended, { code: 0, signal: null })
      const exit = yield* Fiber.join(call)
      assert.strictEqual(exit._tag === "Success" && exit.value.status, "Succeeded")
      assert.deepEqual(tagsOf(yield* eventsSoFar), ["Stopped"])
    }),
  )

  it.effect("accepts nothing new: callers fail with an error that says that the agent is stopping", () =>
    Effect.gen(function* () {
      const { coordinator, found, operator } = yield* makeDraining
      const refused = yield* Effect.flip(operator())
      assert.strictEqual(refused._tag, "AgentStopping")
      assert.strictEqual(refused.message, "The plugin suite accepts nothing new because the agent is stopping")
      assert.strictEqual((yield* Effect.flip(coordinator.capabilities("Suite")))._tag, "AgentStopping")
      const lost = yield* Effect.flip(found.perform(create("Now", {}), unobserved))
      assert.deepInclude(lost, { _tag: "ConnectionLost", sent: false, message: refused.message })
    }),
  )

  it.effect("that crashes is not started again", () =>
    Effect.gen(function* () {
      const { call, eventsSoFar, operator, process, spawns, stopping } = yield* makeDraining
      yield* process.exit(3)
      yield* Fiber.join(stopping)
      assert.strictEqual((yield* Fiber.join(call))._tag, "Failure")
      assert.strictEqual((yield* Effect.flip(operator()))._tag, "AgentStopping")
      yield* elapse("1 minute")
      assert.strictEqual(yield* Queue.size(spawns), 0)
      assert.notInclude(tagsOf(yield* eventsSoFar), "Launched")
    }),
  )

  it.effect("fails the callers that wait for its restart", () =>
    Effect.gen(function* () {
      const supervised = yield* makeSupervised()
      yield* crashed(2)(supervised)
      const waiting = yield* Effect.forkChild(Effect.flip(supervised.operator()), { startImmediately: true })
      yield* untilIdle
      yield* supervised.stop
      assert.strictEqual((yield* Fiber.join(waiting))._tag, "AgentStopping")
    }),
  )
})
