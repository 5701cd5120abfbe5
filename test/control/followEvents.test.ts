/** A follower whose events do not come costs nothing. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { EventLog } from "../../src/agent/events/EventLog.ts"
import { EventRecorder } from "../../src/agent/events/EventRecorder.ts"
import type { EventToLog } from "../../src/agent/events/LoggedEvent.ts"
import { EventFeed } from "../../src/control/server/EventFeed.ts"
import { layerLoggedFeed } from "../../src/control/server/EventFeedLog.ts"
import { followEvents } from "../../src/control/server/followEvents.ts"
import { layerTestStore } from "../../src/testing/TestStore.ts"
import { layerHolding } from "../agent/records/holding.ts"

const ended = (commandId: string): EventToLog => ({
  event: { _tag: "Ended", commandId, forma: "shop", ending: "succeeded" },
})

const lost = new SqlError({ reason: new ConnectionError({ cause: "cut", message: "cut", operation: "read" }) })

/** The feed of a log, how often the log was read, and how its last number is found. */
const makeFeed = Effect.gen(function* () {
  const log = yield* EventLog
  let reads = 0
  let lastNumber: Effect.Effect<number, SqlError> = log.last
  const counted = EventLog.of({
    ...log,
    last: Effect.suspend(() => lastNumber),
    readAfter: (...args) =>
      Effect.suspend(() => {
        reads += 1
        return log.readAfter(...args)
      }),
  })
  const recorder = EventRecorder.of({ record: () => Effect.void, lost: Effect.never, recorded: Effect.void })
  const feed = yield* Layer.build(
    layerLoggedFeed.pipe(Layer.provide([Layer.succeed(EventLog, counted), Layer.succeed(EventRecorder, recorder)])),
  )
  const findLast = (how: typeof lastNumber) => {
    lastNumber = how
  }
  return { log, feed: Context.get(feed, EventFeed), findLast, reads: () => reads }
})

const layer = EventLog.layerNoDeps().pipe(
  Layer.provideMerge(layerHolding),
  Layer.provideMerge(Layer.fresh(layerTestStore)),
)

describe("a follower of events that do not come", () => {
  it.effect("reads the log once for what there is, and once for what comes", () =>
    Effect.gen(function* () {
      const { feed, log, reads } = yield* makeFeed
      yield* log.append([ended("one"), ended("two"), ended("one")])
      const following = yield* Effect.forkChild(
        Stream.runCollect(Stream.take(followEvents(feed, 0, { commandId: "three" }), 1)),
        { startImmediately: true },
      )
      const settle = Effect.replicateEffect(Effect.yieldNow, 200)
      yield* settle
      const before = reads()
      assert.isAtMost(before, 2)
      yield* settle
      assert.strictEqual(reads(), before)
      yield* log.append([ended("two")])
      yield* settle
      assert.isAtMost(reads(), before + 2)
      yield* log.append([ended("three")])
      assert.deepEqual(
        (yield* Fiber.join(following)).map(({ commandId, number }) => ({ commandId, number })),
        [{ commandId: "three", number: 5 }],
      )
    }).pipe(Effect.provide(layer)),
  )
})

describe("the number of the last event", () => {
  it.effect.each([
    ["is away", Effect.fail(lost)],
    ["does not answer", Effect.never],
  ] as const)(
    "is the last known one where the server of the log %s, because an agent says it as it says that it is there",
    ([, away]) =>
      Effect.gen(function* () {
        const { feed, findLast, log } = yield* makeFeed
        yield* log.append([ended("one"), ended("two")])
        assert.strictEqual(yield* feed.lastLogged, 2)
        findLast(away)
        const asked = yield* Effect.forkChild(feed.lastLogged, { startImmediately: true })
        yield* TestClock.adjust("1 second")
        assert.deepEqual(asked.pollUnsafe(), Exit.succeed(2))
      }).pipe(Effect.provide(layer)),
  )
})
