import { setImmediate } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { SqlError, UnknownError } from "effect/sql/SqlError"
import * as TestClock from "effect/testing/TestClock"
import { Agent } from "../../../src/agent/Agent.ts"
import { ResourceUpdater } from "../../../src/agent/apply/ResourceUpdater.ts"
import { EventLog } from "../../../src/agent/events/EventLog.ts"
import { EventRecorder } from "../../../src/agent/events/EventRecorder.ts"
import type { EventToLog, NumberedEvent } from "../../../src/agent/events/LoggedEvent.ts"
import { StopRequests } from "../../../src/agent/operations/StopRequests.ts"
import { CurrentAsked } from "../../../src/agent/records/Asked.ts"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { PluginEvent } from "../../../src/agent/supervision/PluginEvent.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import type { InProcessPlugin } from "../../../src/protocol/InProcessPlugin.ts"
import { makeTestStore } from "../../../src/testing/TestStore.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOfPlants, makeGarden } from "../garden.ts"
import { formaOfNotes, makeNotes } from "../notes.ts"

setFlagsFromString("--expose-gc")

/** What was looked at in a turn of the event loop is kept until its end. */
const collectGarbage = () => setImmediate().then(() => runInNewContext("gc")())

type Append = EventLog["Service"]["append"]

/** An agent that stays, whose log writes by `wrap`. */
const layerOf = (
  plugin: InProcessPlugin,
  store: Effect.Success<typeof makeTestStore>,
  wrap: (append: Append) => Append = (append) => append,
) => {
  const log = Layer.effect(
    EventLog,
    Effect.map(EventLog, (service) => EventLog.of({ ...service, append: wrap(service.append) })),
  ).pipe(Layer.provide(EventLog.layerNoDeps()))
  const held = Layer.effectDiscard(Effect.flatMap(StateOwnership, ({ hold }) => hold))
  return Layer.fresh(
    Agent.layerNoDeps.pipe(
      Layer.provide(EventRecorder.layerDrift),
      Layer.provideMerge(EventRecorder.layerNoDeps),
      Layer.provideMerge(log),
      Layer.provide(Layer.mergeAll(ResourceUpdater.layerNoDeps, held)),
      Layer.provideMerge(Agent.layerRecords),
      Layer.provide([PluginCoordinator.layerInProcess([plugin]), store]),
    ),
  )
}

/** What SQLite fails with, by its code: 13 is a full disk, 10 one that does not write. */
const failedWith = (errcode: number): SqlError => {
  const cause = Object.assign(new Error("failed"), { code: "ERR_SQLITE_ERROR", errcode })
  return new SqlError({ reason: new UnknownError({ cause, message: "failed", operation: "write" }) })
}

const forma = formaOfNotes({ one: { Text: "1" }, two: { Text: { $ref: "one.Digest" } }, three: { Text: "3" } })

const described = ({ event }: Pick<NumberedEvent, "event">): string => {
  if (event._tag === "Ended") return `Ended ${event.ending}`
  if (event._tag !== "Change") return `${event._tag} ${"event" in event ? event.event._tag : ""}`
  const change = event.event
  return change._tag === "Finished" ? `${change.result.label} ${change.result.operation}` : change._tag
}

const isOfCommand = ({ event }: Pick<NumberedEvent, "event">): boolean => event._tag === "Change"

/** The log of the last agent, once all is in it. */
const logged = Effect.gen(function* () {
  yield* (yield* EventRecorder).recorded
  return (yield* (yield* EventLog).readAfter(0)).events
})

const ended = (commandId: string): EventToLog => ({
  event: { _tag: "Ended", commandId, forma: "notes", ending: "succeeded" },
})

/** Applies until its event with a number, and is gone then. Its log takes only the events before another number. */
const cutOffAt = Effect.fnUntraced(function* (
  plugin: InProcessPlugin,
  store: Effect.Success<typeof makeTestStore>,
  eventNumber: number,
  logsUntil: number,
) {
  const scope = yield* Scope.make()
  let left = logsUntil
  const wrap =
    (append: Append): Append =>
    (events) => {
      const isWhole = events.length <= left
      const taken = events.slice(0, left)
      left -= taken.length
      const written = taken.length === 0 ? Effect.succeed(0) : append(taken)
      return isWhole ? written : Effect.andThen(written, Effect.never)
    }
  const context = yield* Scope.provide(Layer.build(layerOf(plugin, store, wrap)), scope)
  const reached = yield* Deferred.make<void>()
  let seen = 0
  const apply = yield* Effect.forkChild(
    Context.get(context, Agent).apply(forma, {
      commandId: "the-apply",
      whenInterrupted: "leave",
      observe: () => {
        seen += 1
        return seen === eventNumber ? Effect.asVoid(Deferred.succeed(reached, undefined)) : Effect.void
      },
    }),
  )
  yield* Effect.raceFirst(Deferred.await(reached), Effect.exit(Fiber.join(apply)))
  yield* Fiber.interrupt(apply)
  yield* Scope.close(scope, Exit.void)
})

describe("the recorder of events", () => {
  it.effect("logs each event of commands and plugins in order, with the request that asked for them", () =>
    Effect.gen(function* () {
      const store = yield* makeTestStore
      const program = Effect.gen(function* () {
        const agent = yield* Agent
        yield* agent
          .apply(forma, { commandId: "c-1" })
          .pipe(Effect.provideService(CurrentAsked, { by: "jo", request: "key-1" }))
        yield* (yield* EventRecorder).record(ended("c-1"))
        return yield* logged
      })
      const events = yield* Effect.provide(program, layerOf(makeNotes().plugin, store))
      assert.deepEqual(
        events.map(({ number }) => number),
        events.map((_, index) => index + 1),
      )
      assert.includeMembers(events.map(described), ["Plugin Launched", "Plugin Ready"])
      const own = events.filter(({ event }) => event._tag !== "Plugin").map(described)
      assert.deepEqual(own.slice(0, 2), ["Began", "Planned"])
      assert.strictEqual(own.at(-1), "Ended succeeded")
      assert.sameMembers(own.slice(2, -1), [
        "Started",
        "Started",
        "Started",
        "one create",
        "two create",
        "three create",
      ])
      assert.deepEqual([...new Set(events.filter(isOfCommand).map(({ request }) => request))], ["key-1"])
    }),
  )

  it.effect(
    "tells once how each change ended, wherever an agent is cut off, however far its log was",
    () =>
      Effect.gen(function* () {
        const wholeCommand = 8
        for (let eventNumber = 1; eventNumber <= wholeCommand; eventNumber += 1) {
          for (const logsUntil of new Set([0, eventNumber - 1, eventNumber, wholeCommand])) {
            const store = yield* makeTestStore
            const { calls, plugin } = makeNotes()
            yield* withPassingTime(cutOffAt(plugin, store, eventNumber, logsUntil))
            const program = Effect.gen(function* () {
              const agent = yield* Agent
              // A command that was cut off before it was journaled has done nothing, and is not resumed.
              yield* withPassingTime(agent.resume({ whenInterrupted: "leave" }))
              yield* (yield* EventRecorder).record(ended("the-apply"))
              return yield* logged
            })
            const events = yield* Effect.provide(program, layerOf(plugin, store))
            const ends = events.map(described).filter((one) => / (create|noop)$/.test(one))
            // Of a create whose answer was lost, the end is that a human has to look: that is told once too.
            const wasJournaled = events.some(({ event }) => event._tag === "Change" && event.event._tag === "Planned")
            assert.deepEqual(
              ends.toSorted(),
              wasJournaled ? ["one create", "three create", "two create"] : [],
              `cut off at ${eventNumber}, logged until ${logsUntil}, made: ${calls.join()}`,
            )
          }
        }
      }),
    60_000,
  )

  it.effect("tells at the end of a destroy what was deleted and not told", () =>
    Effect.gen(function* () {
      const store = yield* makeTestStore
      const { plugin } = makeNotes()
      const apply = Effect.flatMap(Agent, (agent) => agent.apply(forma))
      yield* Effect.provide(apply, layerOf(plugin, store))
      const program = Effect.gen(function* () {
        const agent = yield* Agent
        const deleted = yield* Deferred.make<void>()
        const destroy = yield* Effect.forkChild(
          agent.destroy("notes", {
            commandId: "the-destroy",
            whenInterrupted: "leave",
            observe: ({ _tag }) =>
              _tag === "Finished" ? Effect.asVoid(Deferred.succeed(deleted, undefined)) : Effect.void,
          }),
        )
        yield* Deferred.await(deleted)
        yield* Fiber.interrupt(destroy)
      })
      yield* Effect.provide(
        program,
        layerOf(plugin, store, () => () => Effect.never),
      )
      const resumed = Effect.gen(function* () {
        yield* withPassingTime(Effect.flatMap(Agent, (agent) => agent.resume()))
        yield* (yield* EventRecorder).record(ended("the-destroy"))
        return (yield* logged).map(described)
      })
      const ends = (yield* Effect.provide(resumed, layerOf(plugin, store))).filter((one) => one.endsWith(" delete"))
      assert.deepEqual(ends.toSorted(), ["one delete", "three delete", "two delete"])
    }),
  )

  it.effect("tells how a repair has ended, after what it has done", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const store = yield* makeTestStore
      const events = yield* Effect.gen(function* () {
        const agent = yield* Agent
        yield* agent.apply(formaOfPlants({ rose: { Color: "red" } }, { rose: { drift: "repair" } }))
        yield* garden.elsewhere("rose", { Color: "blue" })
        const { last } = yield* EventLog
        yield* (yield* EventRecorder).recorded
        const before = yield* last
        yield* withPassingTime(agent.sync({ repair: true }))
        return (yield* logged).filter(({ number }) => number > before)
      }).pipe(Effect.provide(layerOf(garden.plugin, store)))
      const ofRepair = events.filter((one) => isOfCommand(one) || one.event._tag === "Ended")
      assert.deepEqual(ofRepair.map(described).slice(-2), ["rose update", "Ended succeeded"])
      assert.lengthOf(new Set(ofRepair.map(({ commandId }) => commandId)), 1)
    })
  })

  it.effect("waits for a disk with room, and loses nothing", () =>
    Effect.gen(function* () {
      const store = yield* makeTestStore
      let isFull = true
      const full = failedWith(13)
      const wrap =
        (append: Append): Append =>
        (events) =>
          Effect.suspend(() => (isFull ? Effect.fail(full) : append(events)))
      const program = Effect.gen(function* () {
        yield* (yield* EventRecorder).record(ended("c-1"))
        const all = yield* Effect.forkChild(logged, { startImmediately: true })
        yield* TestClock.adjust("10 seconds")
        assert.isUndefined(all.pollUnsafe())
        isFull = false
        yield* TestClock.adjust("1 second")
        assert.deepEqual((yield* Fiber.join(all)).map(described), ["Ended succeeded"])
      })
      yield* Effect.provide(program, layerOf(makeNotes().plugin, store, wrap))
    }),
  )

  it.effect("lets nobody wait for what cannot be logged, and says that it is lost", () =>
    Effect.gen(function* () {
      const store = yield* makeTestStore
      let attempts = 0
      const broken = failedWith(10)
      const wrap = (): Append => () =>
        Effect.suspend(() => {
          attempts += 1
          return Effect.fail(broken)
        })
      const program = Effect.gen(function* () {
        const recorder = yield* EventRecorder
        const lost = yield* Effect.forkChild(recorder.lost, { startImmediately: true })
        assert.isUndefined(lost.pollUnsafe())
        yield* recorder.record(ended("c-1"))
        assert.strictEqual(yield* Effect.flip(recorder.recorded), broken)
        assert.strictEqual(yield* Fiber.join(lost), broken)
        // Nor does what happens later.
        yield* recorder.record(ended("c-2"))
        assert.strictEqual(yield* Effect.flip(recorder.recorded), broken)
        assert.strictEqual(attempts, 1)
      })
      yield* Effect.provide(program, layerOf(makeNotes().plugin, store, wrap))
    }),
  )

  it.effect("P11: keeps nothing of what a plugin prints", () =>
    Effect.gen(function* () {
      const program = Effect.gen(function* () {
        const event = PluginEvent.cases.Junk.make({ plugin: "notes", generation: 1, characters: 6, line: "canary" })
        yield* (yield* EventRecorder).record({ event: { _tag: "Plugin", event } })
        const events = yield* logged
        assert.include(JSON.stringify(events), '"characters":6')
        assert.notInclude(JSON.stringify(events), "canary")
      })
      yield* Effect.provide(program, layerOf(makeNotes().plugin, yield* makeTestStore))
    }),
  )

  it.effect("keeps nobody waiting once it has failed in a way that it does not know, and says that it is lost", () =>
    Effect.gen(function* () {
      const store = yield* makeTestStore
      const program = Effect.gen(function* () {
        const recorder = yield* EventRecorder
        yield* recorder.record(ended("c-1"))
        yield* recorder.recorded
        yield* recorder.recorded
        assert.include((yield* recorder.lost).message, "the state was taken")
        // An agent that is being ended goes on for a while.
        const later = yield* Effect.replicateEffect(
          Effect.suspend(() => {
            const event = ended("c-2")
            return Effect.as(recorder.record(event), new WeakRef(event))
          }),
          100,
        )
        yield* Effect.promise(collectGarbage)
        assert.isBelow(later.filter((one) => one.deref() !== undefined).length, 10)
      })
      yield* Effect.provide(
        program,
        layerOf(makeNotes().plugin, store, () => () => Effect.die("the state was taken")),
      )
    }),
  )

  it.effect("logs what has taken a part of a millisecond, as it may on the clock of a test", () =>
    Effect.gen(function* () {
      const { plugin } = makeNotes({ beforeCreate: () => Effect.sleep("0.3 millis") })
      const program = Effect.gen(function* () {
        const { resources } = yield* withPassingTime(
          Effect.flatMap(Agent, (agent) => agent.apply(forma)),
          "0.1 millis",
        )
        assert.deepEqual(
          resources.map(({ durationMillis }) => durationMillis % 1),
          [0, 0, 0],
        )
        return (yield* logged).map(described)
      })
      const events = yield* Effect.provide(program, layerOf(plugin, yield* makeTestStore))
      assert.includeMembers(events, ["one create", "two create", "three create"])
    }),
  )

  it.effect(
    "tells the end of a command once, also where its agent was killed before it could keep that it had told it",
    () =>
      Effect.gen(function* () {
        const store = yield* makeTestStore
        const tell = Effect.gen(function* () {
          const { record } = yield* EventRecorder
          yield* record(ended("c-1"))
          return (yield* logged).map(described)
        })
        yield* Effect.provide(tell, layerOf(makeNotes().plugin, store))
        assert.deepEqual(yield* Effect.provide(tell, layerOf(makeNotes().plugin, store)), ["Ended succeeded"])
      }),
  )

  it.effect("does not say of what is left to the next agent that it has ended", () =>
    Effect.gen(function* () {
      const store = yield* makeTestStore
      const program = Effect.gen(function* () {
        const agent = yield* Agent
        const isUnderWay = yield* Deferred.make<void>()
        const running = yield* Effect.forkChild(
          agent.apply(forma, {
            observe: ({ _tag }) =>
              _tag === "Progressed" ? Effect.asVoid(Deferred.succeed(isUnderWay, undefined)) : Effect.void,
          }),
        )
        yield* withPassingTime(Deferred.await(isUnderWay))
        yield* (yield* StopRequests).leave
        assert.strictEqual((yield* withPassingTime(Fiber.join(running))).status, "canceled")
        // The next agent continues it, unlike one that a person has canceled.
        assert.deepEqual(
          (yield* agent.commands()).commands.map(({ status }) => status),
          ["cut off"],
        )
        return (yield* logged).filter(isOfCommand).map(described)
      })
      assert.deepEqual(yield* Effect.provide(program, layerOf(makeNotes({ accepts: () => true }).plugin, store)), [
        "Began",
        "Planned",
        "Started",
        "Started",
        "Progressed",
        "Progressed",
      ])
    }),
  )
})
