import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Agent } from "../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../src/agent/apply/ChangeEvent.ts"
import { CurrentAsked } from "../../src/agent/records/Asked.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { layerTestStore, makeTestStore } from "../../src/testing/TestStore.ts"
import { documentOf, makeThings } from "./things.ts"

const layerOf = (plugin: InProcessPlugin) =>
  Agent.layer.pipe(
    Layer.provide(PluginCoordinator.layerInProcess([plugin])),
    Layer.provideMerge(Layer.fresh(layerTestStore)),
  )

/** Lets the others run until they wait for something. The store takes no time that the test does not control. */
const settle = Effect.forEach(Array.from({ length: 500 }), () => Effect.yieldNow, { discard: true })

/** Each as `COMMAND FORMA STATUS by WHO`, and for what it waits. */
const listed = Effect.map(
  Effect.flatMap(Agent, ({ commands }) => commands()),
  ({ commands }) =>
    commands.map(
      ({ askedBy, command, forma, status, waitsFor }) =>
        `${command} ${forma} ${status} by ${askedBy}${waitsFor === null ? "" : ` for ${waitsFor.command} ${waitsFor.forma}`}`,
    ),
)

const observing = () => {
  const events: Array<ChangeEvent> = []
  return { events, observe: (event: ChangeEvent) => Effect.sync(() => void events.push(event)) }
}

describe("the commands of an agent", () => {
  it.effect("are listed while they wait, ask and run, and after that, with who has asked for them", () => {
    const { begins, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one"), { commandId: "first" }))
      yield* begins("a")
      yield* TestClock.adjust(10)
      const answer = yield* Deferred.make<boolean>()
      const second = yield* Effect.forkChild(
        agent
          .apply(documentOf("a", "one"), { commandId: "second", confirm: () => Deferred.await(answer) })
          .pipe(Effect.provideService(CurrentAsked, { by: "jo@build", request: "key-2" })),
      )
      yield* settle
      yield* TestClock.adjust(10)
      const third = yield* Effect.forkChild(agent.forget({ label: "a", forma: "a" }))
      yield* settle
      assert.deepEqual(yield* listed, [
        "forget a waiting by local for apply a",
        "apply a waiting by jo@build for apply a",
        "apply a running by local",
      ])
      yield* letGo("a")
      yield* Fiber.join(first)
      yield* Fiber.interrupt(third)
      yield* settle
      // Nothing is left to do, so it asks nothing.
      yield* Fiber.join(second)
      yield* TestClock.adjust(10)
      const fourth = yield* Effect.forkChild(
        agent.destroy("a", { commandId: "fourth", confirm: () => Deferred.await(answer) }),
      )
      yield* settle
      assert.deepEqual(yield* listed, [
        "destroy a asking by local",
        "apply a succeeded by jo@build",
        "apply a succeeded by local",
      ])
      yield* Deferred.succeed(answer, true)
      yield* Fiber.join(fourth)
      const { commands } = yield* agent.commands({ limit: 1 })
      assert.deepInclude(commands[0], { commandId: "fourth", status: "succeeded", startedAt: 30, endedAt: 30 })
      assert.strictEqual(commands.length, 1)
      const sql = yield* SqlClient.SqlClient
      assert.deepEqual(yield* sql`SELECT command_id, request FROM commands ORDER BY command_id`, [
        { command_id: "first", request: null },
        { command_id: "fourth", request: null },
        { command_id: "second", request: "key-2" },
      ])
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("say that they wait, and for which one, for documents and for names", () => {
    const { begins, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const [document, name] = [observing(), observing()]
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one"), { commandId: "first" }))
      yield* begins("a")
      const second = yield* Effect.forkChild(agent.apply(documentOf("a", "one"), document))
      const third = yield* Effect.forkChild(agent.apply(documentOf("b", "one"), { ...name, commandId: "third" }))
      yield* settle
      const waitsFor = { commandId: "first", command: "apply", forma: "a" }
      const [waiting] = document.events
      assert.deepInclude(waiting, { _tag: "Waiting", forma: "a", waitsFor })
      // The documents are claimed before it begins, the names after that. Each is said once.
      assert.deepEqual(
        name.events.map(({ _tag }) => _tag),
        ["Began", "Waiting"],
      )
      assert.deepInclude(name.events[1], { commandId: "third", forma: "b", waitsFor })
      yield* letGo("a")
      yield* letGo("b")
      yield* Effect.forEach([first, second, third], Fiber.await)
      assert.deepEqual(
        document.events.map(({ _tag }) => _tag),
        ["Waiting", "Began", "Planned", "Finished"],
      )
      assert.strictEqual(new Set(document.events.map(({ commandId }) => commandId)).size, 1)
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("can be asked to stop while they wait for their turn", () => {
    const { begins, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one")))
      yield* begins("a")
      const second = yield* Effect.forkChild(agent.apply(documentOf("a", "one"), { commandId: "second" }))
      const { events, observe } = observing()
      const third = yield* Effect.forkChild(agent.resume({ observe }))
      yield* settle
      assert.isTrue(yield* agent.stop("second"))
      assert.isTrue(yield* agent.stop(events[0]?.commandId ?? "the resume has said nothing"))
      assert.isFalse(yield* agent.stop("no such command"))
      yield* settle
      assert.strictEqual((yield* Effect.flip(Fiber.join(second)))._tag, "StateInUse")
      assert.strictEqual((yield* Effect.flip(Fiber.join(third)))._tag, "StateInUse")
      yield* letGo("a")
      yield* Fiber.join(first)
      assert.deepEqual(yield* listed, ["apply a succeeded by local"])
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("are cut off where no agent runs them, and a damaged row hides no other one", () => {
    const { plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const sql = yield* SqlClient.SqlClient
      for (const commandId of ["one", "two", "three"]) {
        yield* agent.apply({ ...documentOf("a", "one"), resources: [] }, { commandId })
        yield* TestClock.adjust(10)
      }
      yield* sql`UPDATE commands SET status = 'running', ended_at = NULL, checksum = NULL WHERE command_id = 'three'`
      yield* sql`UPDATE commands SET forma = 'b' WHERE command_id = 'two'`
      yield* sql`UPDATE commands SET asked_by = NULL, checksum = NULL WHERE command_id = 'one'`
      const { commands, unreadable } = yield* agent.commands()
      assert.deepEqual(
        commands.map(({ askedBy, commandId, status }) => [commandId, status, askedBy]),
        [
          ["three", "cut off", "local"],
          ["one", "succeeded", null],
        ],
      )
      assert.match(unreadable.map(({ message }) => message).join(), /The command two of the journal cannot be read/)
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("are running for another agent on the same state, as long as theirs holds it", () => {
    const { begins, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const store = yield* makeTestStore
      const layer = Agent.layer.pipe(Layer.provide([PluginCoordinator.layerInProcess([plugin]), store]))
      const context = yield* Layer.build(layer)
      const apply = Effect.flatMap(Agent, (agent) => agent.apply(documentOf("a", "one")))
      const first = yield* Effect.forkChild(Effect.provideContext(apply, context))
      yield* begins("a")
      assert.deepEqual(yield* Effect.provide(listed, Layer.fresh(layer)), ["apply a running by local"])
      yield* letGo("a")
      yield* Fiber.join(first)
      assert.deepEqual(yield* Effect.provide(listed, Layer.fresh(layer)), ["apply a succeeded by local"])
    }).pipe(Effect.scoped)
  })
})
