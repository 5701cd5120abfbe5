import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { EventLog } from "../../../src/agent/events/EventLog.ts"
import type { EventRetention } from "../../../src/agent/events/EventRetention.ts"
import type { EventToLog, NumberedEvent } from "../../../src/agent/events/LoggedEvent.ts"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { layerHolding } from "../records/holding.ts"

const layerOf = (retention?: EventRetention) =>
  EventLog.layerNoDeps(retention).pipe(Layer.provideMerge(layerHolding), Layer.provideMerge(layerChosenStore))

const began = (commandId: string): EventToLog => ({
  event: { _tag: "Change", event: { _tag: "Began", commandId, forma: "shop" } },
})

const ended = (commandId: string, request?: string): EventToLog => ({
  event: { _tag: "Ended", commandId, forma: "shop", ending: "succeeded" },
  request,
})

const released: EventToLog = { event: { _tag: "Plugin", event: { _tag: "Released", plugin: "aws" } } }

/** Each as `NUMBER TAG`. */
const shown = (events: ReadonlyArray<NumberedEvent>) => events.map(({ event, number }) => `${number} ${event._tag}`)

const many = (count: number) => Array.from({ length: count }, (_, index) => began(`command-${index}`))

describe("the log of events", () => {
  it.effect("gives each event the number after the last one, and the time", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      yield* TestClock.setTime(5_000)
      assert.strictEqual(yield* log.last, 0)
      assert.strictEqual(yield* log.append([began("one"), released]), 2)
      yield* TestClock.setTime(6_000)
      assert.strictEqual(yield* log.append([ended("one", "key-1")]), 3)
      const { events, next } = yield* log.readAfter(0)
      assert.strictEqual(next, 3)
      assert.deepEqual(events, [
        { number: 1, at: 5_000, commandId: "one", request: null, event: began("one").event },
        { number: 2, at: 5_000, commandId: null, request: null, event: released.event },
        { number: 3, at: 6_000, commandId: "one", request: "key-1", event: ended("one").event },
      ])
      assert.deepEqual(yield* log.readAfter(3), { events: [], next: 3 })
    }).pipe(Effect.provide(layerOf())),
  )

  it.effect("reads page by page, and only those of one command or request where it is asked to", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      yield* log.append([began("one"), began("two"), ended("one"), ended("two")])
      const first = yield* log.readAfter(0, { limit: 3 })
      assert.deepEqual([shown(first.events), first.next], [["1 Change", "2 Change", "3 Ended"], 3])
      assert.deepEqual(shown((yield* log.readAfter(first.next)).events), ["4 Ended"])
      assert.deepEqual(shown((yield* log.readAfter(0, { commandId: "two" })).events), ["2 Change", "4 Ended"])
      const one = yield* log.readAfter(0, { commandId: "one", limit: 2 })
      assert.deepEqual([one.next, yield* log.readAfter(3, { commandId: "one" })], [3, { events: [], next: 4 }])
      yield* log.append([ended("three", "key-3")])
      assert.deepEqual(shown((yield* log.readAfter(0, { request: "key-3" })).events), ["5 Ended"])
    }).pipe(Effect.provide(layerOf())),
  )

  it.effect(
    "passes over what is not meant, so that who waits for more of one command does not find it again and again",
    () =>
      Effect.gen(function* () {
        const log = yield* EventLog
        yield* log.append([began("one"), ...many(300), ended("one", "key-1"), began("two")])
        const { events, next } = yield* log.readAfter(1, { request: "key-1" })
        assert.deepEqual([shown(events), next], [["302 Ended"], 303])
        assert.deepEqual(yield* log.readAfter(1, { request: "key-2" }), { events: [], next: 303 })
        const page = yield* log.readAfter(1, { limit: 2 })
        assert.strictEqual(page.next, 3)
      }).pipe(Effect.provide(layerOf())),
  )

  it.effect("is followed from any number on, each event once and in order", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      yield* log.append(many(300))
      const follow = (after: number, count: number) =>
        Effect.forkChild(Stream.runCollect(Stream.take(log.follow(after), count)), { startImmediately: true })
      const [all, late] = [yield* follow(0, 302), yield* follow(299, 3)]
      yield* log.append([released])
      yield* log.append([ended("command-1")])
      const numbers = (yield* Fiber.join(all)).map(({ number }) => number)
      assert.deepEqual(
        numbers,
        Array.from({ length: 302 }, (_, index) => index + 1),
      )
      assert.deepEqual(shown(yield* Fiber.join(late)), ["300 Change", "301 Plugin", "302 Ended"])
    }).pipe(Effect.provide(layerOf())),
  )

  it.effect("keeps so many events, and says to who wants earlier ones that they are gone", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      for (let round = 0; round < 4; round += 1) yield* log.append(many(300))
      // Looked at every 256 events: never more than those beyond what is kept.
      const { events } = yield* log.readAfter(0, { limit: 1_000 })
      assert.deepEqual(shown(events.slice(0, 2)), ["1190 Gone", "1191 Change"])
      assert.deepEqual(events[0]?.event, { _tag: "Gone", before: 1_191 })
      assert.strictEqual(events.length, 11)
      assert.deepEqual(shown((yield* log.readAfter(1_190)).events.slice(0, 1)), ["1191 Change"])
    }).pipe(Effect.provide(layerOf({ maxEvents: 10, maxAgeMillis: 1e9 }))),
  )

  it.effect("keeps an event so long, but always the newest: its number is not given again", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      yield* log.append(many(2))
      yield* TestClock.setTime(100_000)
      const again = EventLog.layerNoDeps({ maxEvents: 10, maxAgeMillis: 1_000 })
      // The agent starts again, and looks at what is old.
      assert.strictEqual(
        yield* Effect.provide(
          EventLog.use(({ append }) => append([released])),
          again,
        ),
        3,
      )
      assert.deepEqual(shown((yield* log.readAfter(2)).events), ["3 Plugin"])
      assert.deepEqual(shown((yield* log.readAfter(0)).events), ["2 Gone", "3 Plugin"])
      yield* TestClock.setTime(200_000)
      assert.strictEqual(yield* log.append([released]), 4)
    }).pipe(Effect.provide(layerOf({ maxEvents: 10, maxAgeMillis: 1_000 }))),
  )

  it.effect("gives what is damaged its number and no content, and hides no other event", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      const sql = yield* SqlClient.SqlClient
      yield* log.append(many(3))
      yield* sql`UPDATE events SET event = '{}' WHERE number = 1`
      yield* sql`UPDATE events SET event = '{"_tag":"Later"}', checksum = NULL WHERE number = 2`
      assert.deepEqual(
        (yield* log.readAfter(0)).events.map(({ event }) => (event._tag === "Unreadable" ? event.reason : event._tag)),
        ["its row in the state is damaged", "it was logged by another version of formae", "Change"],
      )
    }).pipe(Effect.provide(layerOf())),
  )

  it.effect("takes nothing from an agent that does not hold the state", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      assert.strictEqual((yield* Effect.flip(log.append([released])))._tag, "StateTaken")
      assert.deepEqual(yield* log.readAfter(0), { events: [], next: 0 })
    }).pipe(
      Effect.provide(EventLog.layerNoDeps().pipe(Layer.provide(StateOwnership.layer), Layer.provide(layerChosenStore))),
    ),
  )
})
