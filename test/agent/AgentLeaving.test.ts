/** What is written of a cancel before it is answered, and what an agent that ends still begins. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Agent } from "../../src/agent/Agent.ts"
import type { CommandOptions } from "../../src/agent/commands/CommandOptions.ts"
import { ResourceUpdater } from "../../src/agent/apply/ResourceUpdater.ts"
import { StopRequests } from "../../src/agent/operations/StopRequests.ts"
import { Documents } from "../../src/agent/records/Documents.ts"
import { CommandJournal } from "../../src/agent/records/CommandJournal.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "./notes.ts"

const layer = (plugin: InProcessPlugin, records: typeof Agent.layerRecords = Agent.layerRecords) =>
  Agent.layerNoDeps.pipe(
    Layer.provide(ResourceUpdater.layerNoDeps),
    Layer.provideMerge(Layer.fresh(records)),
    Layer.provide(PluginCoordinator.layerInProcess([plugin])),
    Layer.provide(Layer.fresh(Store.layerMemory)),
  )

const forma = (name: string) => ({ ...formaOfNotes({ [`of-${name}`]: { Text: name } }), name })

/** Begins an apply, as an agent that stays does, and waits for its first event of this kind. */
const begin = Effect.fnUntraced(function* (
  name: string,
  tag: "Began" | "Progressed" | "Started" | "Waiting",
  options: CommandOptions = {},
) {
  const agent = yield* Agent
  const reached = yield* Deferred.make<string>()
  const running = yield* Effect.forkChild(
    agent.apply(forma(name), {
      ...options,
      whenInterrupted: "leave",
      observe: ({ _tag, commandId }) =>
        _tag === tag ? Effect.asVoid(Deferred.succeed(reached, commandId)) : Effect.void,
    }),
  )
  return { running, commandId: yield* withPassingTime(Deferred.await(reached)) }
})

/** What the journal says: what an agent would find that comes after kill -9. */
const journaled = Effect.gen(function* () {
  const { commands } = yield* (yield* CommandJournal).unfinished
  return commands.map(({ forma: name, status }) => `${name} ${status}`)
})

const isInterrupted = (exit: Exit.Exit<unknown, unknown>) => Exit.isFailure(exit) && Exit.hasInterrupts(exit)

describe("a cancel", () => {
  it.effect("is in the journal before it is answered, also of an agent that leaves its commands", () => {
    const { finish, plugin } = makeNotes({ accepts: () => true })
    return Effect.gen(function* () {
      const agent = yield* Agent
      const stops = yield* StopRequests
      const canceled = yield* begin("one", "Progressed")
      const other = yield* begin("two", "Progressed")
      assert.deepEqual(yield* journaled, ["one running", "two running"])
      assert.isTrue(yield* agent.stop(canceled.commandId))
      assert.deepEqual(yield* journaled, ["one canceled", "two running"])
      assert.deepInclude(
        (yield* agent.commands()).commands.find(({ forma: name }) => name === "one"),
        { status: "running", endedAt: null },
      )
      yield* stops.leave
      const results = yield* withPassingTime(Effect.all([Fiber.join(canceled.running), Fiber.join(other.running)]))
      assert.deepEqual(
        results.map(({ status }) => status),
        ["canceled", "canceled"],
      )
      assert.deepEqual(yield* journaled, ["one canceled", "two running"])
      assert.deepEqual(yield* Effect.forEach([canceled, other], ({ commandId }) => stops.isCanceled(commandId)), [
        true,
        false,
      ])
      yield* finish
    }).pipe(Effect.provide(layer(plugin)))
  })

  it.effect("is in the journal while the command comes to its safe point", () => {
    const answered = Deferred.makeUnsafe<void>()
    const { plugin } = makeNotes({ beforeCreate: () => Deferred.await(answered) })
    return Effect.gen(function* () {
      const interrupted = yield* Deferred.make<void>()
      const { running } = yield* begin("one", "Started", { stopWhen: Deferred.await(interrupted) })
      yield* Deferred.succeed(interrupted, undefined)
      yield* Effect.repeat(Effect.andThen(Effect.yieldNow, journaled), { until: ([one]) => one === "one canceled" })
      assert.isUndefined(running.pollUnsafe())
      // It had nothing else to do.
      yield* Deferred.succeed(answered, undefined)
      assert.strictEqual((yield* withPassingTime(Fiber.join(running))).status, "succeeded")
      assert.deepEqual(yield* journaled, [])
    }).pipe(Effect.provide(layer(plugin)))
  })

  it.effect("of a resume is one of what it resumes", () => {
    const { plugin } = makeNotes({ accepts: () => true })
    return Effect.gen(function* () {
      const agent = yield* Agent
      const { commandId, running } = yield* begin("one", "Progressed")
      yield* Fiber.interrupt(running)
      assert.deepEqual(yield* journaled, ["one running"])
      const isResumed = yield* Deferred.make<void>()
      const resuming = yield* Effect.forkChild(
        agent.resume({
          commandId,
          whenInterrupted: "leave",
          observe: ({ _tag }) =>
            _tag === "Progressed" ? Effect.asVoid(Deferred.succeed(isResumed, undefined)) : Effect.void,
        }),
      )
      yield* withPassingTime(Deferred.await(isResumed))
      const { commands } = yield* agent.commands()
      const resume = commands.find(({ command }) => command === "resume")
      assert.isTrue(yield* agent.stop(resume?.commandId ?? "none"))
      assert.deepEqual(yield* journaled, ["one canceled"])
      yield* Fiber.interrupt(resuming)
    }).pipe(Effect.provide(layer(plugin)))
  })
})

describe("an agent that leaves its commands to the next one", () => {
  it.effect("begins nothing any more: what waits, asks or comes then has done nothing", () => {
    const { calls, plugin } = makeNotes({ accepts: (label) => label === "of-one" })
    return Effect.gen(function* () {
      const agent = yield* Agent
      const stops = yield* StopRequests
      const isAsked = yield* Deferred.make<void>()
      const first = yield* begin("one", "Progressed")
      const waiting = yield* begin("one", "Waiting")
      const asking = yield* begin("two", "Began", {
        confirm: () => Effect.andThen(Deferred.succeed(isAsked, undefined), Effect.never),
      })
      yield* withPassingTime(Deferred.await(isAsked))
      yield* stops.leave
      const late = yield* Effect.forkChild(agent.apply(forma("three"), { whenInterrupted: "leave" }))
      const lateDestroy = yield* Effect.forkChild(agent.destroy("one", { whenInterrupted: "leave" }))
      const lateForget = yield* Effect.forkChild(agent.forget({ label: "a" }))
      const exits = yield* withPassingTime(
        Effect.forEach([waiting.running, asking.running, late, lateDestroy, lateForget], (one) => Fiber.await(one)),
      )
      assert.deepEqual(exits.map(isInterrupted), [true, true, true, true, true])
      assert.strictEqual((yield* withPassingTime(Fiber.join(first.running))).status, "canceled")
      assert.deepEqual(calls, ["create of-one"])
      assert.deepEqual(yield* journaled, ["one running"])
      assert.deepEqual(
        (yield* agent.commands()).commands.map(({ status }) => status),
        ["cut off"],
      )
    }).pipe(Effect.provide(layer(plugin)))
  })

  it.effect("begins nothing of a command that was about to be written down, and writes nothing of it", () => {
    const { calls, plugin } = makeNotes()
    // The last thing that is done before its row.
    const leavingThen = Layer.effect(
      Documents,
      Effect.gen(function* () {
        const documents = yield* Documents
        const stops = yield* StopRequests
        return Documents.of({
          ...documents,
          remember: (...known) => Effect.andThen(stops.leave, documents.remember(...known)),
        })
      }),
    )
    const document = { path: null, relativePath: null, isNamed: true, resources: [] }
    return Effect.gen(function* () {
      const agent = yield* Agent
      const running = yield* Effect.forkChild(agent.apply(forma("one"), { document, whenInterrupted: "leave" }))
      assert.isTrue(isInterrupted(yield* withPassingTime(Fiber.await(running))))
      assert.deepEqual([yield* journaled, calls], [[], []])
    }).pipe(Effect.provide(layer(plugin, Layer.provideMerge(leavingThen, Agent.layerRecords))))
  })
})

describe("commands that are continued by their ids", () => {
  it.effect("run side by side, each on its own document", () => {
    const { finish, plugin } = makeNotes({ accepts: () => true })
    return Effect.gen(function* () {
      const agent = yield* Agent
      const cutOff = [yield* begin("one", "Progressed"), yield* begin("two", "Progressed")]
      yield* Effect.forEach(cutOff, ({ running }) => Fiber.interrupt(running))
      const underWay = yield* Effect.forEach(cutOff, ({ commandId }) =>
        Effect.gen(function* () {
          const isUnderWay = yield* Deferred.make<void>()
          const running = yield* Effect.forkChild(
            agent.resume({
              commandId,
              observe: ({ _tag }) =>
                _tag === "Progressed" ? Effect.asVoid(Deferred.succeed(isUnderWay, undefined)) : Effect.void,
            }),
          )
          return { isUnderWay, running }
        }),
      )
      yield* withPassingTime(Effect.forEach(underWay, ({ isUnderWay }) => Deferred.await(isUnderWay)))
      const { commands } = yield* agent.commands()
      const resumes = commands.filter(({ command }) => command === "resume")
      assert.deepEqual(resumes.map(({ forma: name, status }) => `${name} ${status}`).toSorted(), [
        "one running",
        "two running",
      ])
      yield* finish
      const results = yield* withPassingTime(Effect.forEach(underWay, ({ running }) => Fiber.join(running)))
      assert.deepEqual(
        results.map(({ status }) => status),
        ["succeeded", "succeeded"],
      )
    }).pipe(Effect.provide(layer(plugin)))
  })
})
