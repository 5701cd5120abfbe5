/** What the log says where it was asked to take events, and the connection to its server was lost. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import * as TestClock from "effect/testing/TestClock"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { untouched } from "../../../src/agent/apply/ResourceResult.ts"
import { EventLog } from "../../../src/agent/events/EventLog.ts"
import type { EventToLog } from "../../../src/agent/events/LoggedEvent.ts"
import { makeRecordedWrites } from "../../../src/agent/events/recordedWrites.ts"
import type { Holder } from "../../../src/agent/records/CurrentHolder.ts"
import { layerTestStore } from "../../../src/testing/TestStore.ts"
import { layerHolding } from "../records/holding.ts"

const layer = Layer.fresh(
  EventLog.layerNoDeps().pipe(Layer.provideMerge(layerHolding), Layer.provideMerge(layerTestStore)),
)

const lost = new SqlError({ reason: new ConnectionError({ cause: "cut", message: "cut", operation: "commit" }) })

type Append = EventLog["Service"]["append"]
type AppendError = Effect.Error<ReturnType<Append>>

const finished = (label: string, operation: "create" | "noop" = "create"): EventToLog => {
  const result = {
    ...untouched,
    label,
    type: "A::B::C",
    operation,
    status: "succeeded",
    nativeId: label,
    error: null,
  } as const
  const event: ChangeEvent = { _tag: "Finished", commandId: "c-1", forma: "shop", result }
  return { event: { _tag: "Change", event } }
}

const began: EventToLog = { event: { _tag: "Change", event: { _tag: "Began", commandId: "c-1", forma: "shop" } } }

const ended: EventToLog = { event: { _tag: "Ended", commandId: "c-1", forma: "shop", ending: "succeeded" } }

const holderOf = (epoch: number): Holder => ({ name: "forma shop", epoch, since: 0, takenOver: false })

/** What the log says of the command, in short. */
const said = Effect.map(
  Effect.flatMap(EventLog, (log) => log.readAfter(0, { commandId: "c-1" })),
  ({ events }) =>
    events.map(({ event }) =>
      event._tag !== "Change"
        ? event._tag
        : event.event._tag === "Finished"
          ? event.event.result.label
          : event.event._tag,
    ),
)

const nothingDone = { listByCommand: () => Effect.succeed([]) }

describe("the log of events of a server", () => {
  it.effect.each([
    ["the answer", (append: Effect.Effect<number, AppendError>) => Effect.andThen(append, Effect.fail(lost))],
    ["the question", () => Effect.fail(lost)],
  ] as const)("has each end once, where %s was lost", ([, losing]) =>
    Effect.gen(function* () {
      const log = yield* EventLog
      let losses = 0
      const append: Append = (events) => ((losses -= 1) < 0 ? log.append(events) : losing(log.append(events)))
      const write = makeRecordedWrites(nothingDone, EventLog.of({ ...log, append }))
      for (const batch of [[finished("one"), finished("two")], [ended], [began, finished("three"), ended]]) {
        losses = 1
        const writing = yield* Effect.forkChild(write(batch.map((event) => ({ event, holder: undefined }))), {
          startImmediately: true,
        })
        yield* TestClock.adjust("2 seconds")
        assert.isDefined(writing.pollUnsafe())
      }
      assert.deepEqual(yield* said, ["one", "two", "Ended", "Began", "three", "Ended"])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("has each end, where old events of others were removed meanwhile", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      const sql = yield* SqlClient
      const other: EventToLog = { event: { _tag: "Ended", commandId: "c-0", forma: "site", ending: "succeeded" } }
      yield* log.append([other, other, other])
      const removeBefore = (number: number) => sql`DELETE FROM events WHERE number < ${number}`
      yield* removeBefore(2)
      let losses = 1
      const append: Append = (events) =>
        (losses -= 1) < 0 ? log.append(events) : Effect.andThen(Effect.orDie(removeBefore(3)), Effect.fail(lost))
      const write = makeRecordedWrites(nothingDone, EventLog.of({ ...log, append }))
      const writing = yield* Effect.forkChild(write([{ event: finished("one"), holder: undefined }]))
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(writing)
      assert.deepEqual(yield* said, ["Gone", "one"])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("has each end once, where another runner had the command in between", () =>
    Effect.gen(function* () {
      const log = yield* EventLog
      const write = makeRecordedWrites(nothingDone, log)
      yield* write([{ event: finished("one"), holder: holderOf(1) }])
      yield* log.append([finished("two")])
      yield* write([finished("one", "noop"), finished("two", "noop")].map((event) => ({ event, holder: holderOf(3) })))
      assert.deepEqual(yield* said, ["one", "two"])
    }).pipe(Effect.provide(layer)),
  )
})
