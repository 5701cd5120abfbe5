import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { Agent } from "../../src/agent/Agent.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { layerTestStore } from "../../src/testing/TestStore.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "./notes.ts"
import { outcomes } from "./shop.ts"
import { documentOf, makeThings } from "./things.ts"

/** An agent, and the store that it writes. */
const layerOf = (plugin: InProcessPlugin) =>
  Agent.layer.pipe(
    Layer.provide(PluginCoordinator.layerInProcess([plugin])),
    Layer.provideMerge(Layer.fresh(layerTestStore)),
  )

const ownership = SqlClient.SqlClient.use((sql) =>
  Effect.map(sql`SELECT epoch, owner IS NOT NULL AS held FROM state_ownership`, ([row]) => row),
)

/** Lets the others run until they wait for something. The store takes no time that the test does not control. */
const settle = Effect.forEach(Array.from({ length: 500 }), () => Effect.yieldNow, { discard: true })

describe("applies of two documents by one agent", () => {
  it.effect("run side by side, and hold the state together", () => {
    const { begins, calls, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one")))
      const second = yield* Effect.forkChild(agent.apply(documentOf("b", "two")))
      yield* Effect.all([begins("a"), begins("b")])
      assert.sameMembers(calls, ["a begins", "b begins"])
      assert.deepInclude(yield* ownership, { epoch: 1, held: 1 })
      yield* letGo("a")
      assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
      assert.deepInclude(yield* ownership, { epoch: 1, held: 1 })
      yield* letGo("b")
      assert.deepEqual(outcomes(yield* Fiber.join(second)), ["b create"])
      assert.deepInclude(yield* ownership, { epoch: 1, held: 0 })
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("take turns where both would create the same name", () => {
    const { begins, calls, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one")))
      yield* begins("a")
      const second = yield* Effect.forkChild(agent.apply(documentOf("b", "one")))
      yield* settle
      assert.deepEqual(calls, ["a begins"])
      yield* letGo("b")
      yield* letGo("a")
      assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
      yield* Fiber.join(second)
      assert.deepEqual(calls, ["a begins", "a ends", "b begins", "b ends"])
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("end a wait for the other one where they are asked to stop", () => {
    const { begins, calls, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one")))
      yield* begins("a")
      const began = yield* Deferred.make<string>()
      const second = yield* Effect.forkChild(
        agent.apply(documentOf("b", "one"), {
          observe: (event) => (event._tag === "Began" ? Deferred.succeed(began, event.commandId) : Effect.void),
        }),
      )
      const commandId = yield* Deferred.await(began)
      yield* settle
      assert.isTrue(yield* agent.stop(commandId))
      yield* settle
      assert.isDefined(second.pollUnsafe(), "it waits although it was asked to stop")
      assert.strictEqual((yield* Effect.flip(Fiber.join(second)))._tag, "StateInUse")
      yield* letGo("a")
      assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
      assert.deepEqual(calls, ["a begins", "a ends"])
      yield* letGo("b")
      yield* agent.apply(documentOf("b", "two"))
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("do not wait for what the other one has under way, and do not take it up", () => {
    const { begins, calls, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one")))
      yield* begins("a")
      yield* letGo("b")
      // The clock stands still: a second that it waited would never pass.
      const second = yield* agent.apply(documentOf("b", "two"))
      assert.deepEqual(outcomes(second), ["b create"])
      assert.isUndefined(second.note)
      assert.deepEqual(calls, ["a begins", "b begins", "b ends"])
      yield* letGo("a")
      assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("are refused where the second one does not want to wait for the first one's names", () => {
    const { begins, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one")))
      yield* begins("a")
      const refused = yield* Effect.flip(agent.apply(documentOf("b", "one"), { whenInUse: "refuse" }))
      assert.deepInclude(refused, { _tag: "StateInUse", isThisAgent: true })
      yield* letGo("a")
      yield* Fiber.join(first)
    }).pipe(Effect.provide(layerOf(plugin)))
  })
})

describe("the resume of one forma", () => {
  /** An apply of `b` that begins nothing. */
  const cancel = (thing: string) =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const canceled = yield* agent.apply(documentOf("b", thing), { stopWhen: Effect.void })
      assert.strictEqual(canceled.status, "canceled")
      return agent
    })

  it.effect("takes turns with an apply of another one that would create the same name", () => {
    const { begins, calls, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* cancel("one")
      const first = yield* Effect.forkChild(agent.apply(documentOf("a", "one")))
      yield* begins("a")
      const second = yield* Effect.forkChild(agent.resume({ forma: "b" }))
      yield* settle
      assert.deepEqual(calls, ["a begins"])
      yield* letGo("b")
      yield* letGo("a")
      assert.deepEqual(outcomes(yield* Fiber.join(first)), ["a create"])
      yield* Fiber.join(second)
      assert.deepEqual(calls, ["a begins", "a ends", "b begins", "b ends"])
    }).pipe(Effect.provide(layerOf(plugin)))
  })

  it.effect("holds what it creates against an apply of another one", () => {
    const { begins, calls, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* cancel("one")
      const first = yield* Effect.forkChild(agent.resume({ forma: "b" }))
      yield* begins("b")
      const refused = yield* Effect.flip(agent.apply(documentOf("a", "one"), { whenInUse: "refuse" }))
      assert.deepInclude(refused, { _tag: "StateInUse", isThisAgent: true })
      yield* letGo("b")
      yield* Fiber.join(first)
      assert.deepEqual(calls, ["b begins", "b ends"])
    }).pipe(Effect.provide(layerOf(plugin)))
  })
})

describe("an apply whose holding of the state was removed", () => {
  it.effect("says so, records nothing more and begins nothing more", () => {
    const { begins, calls, letGo, plugin } = makeThings()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const sql = yield* SqlClient.SqlClient
      const applying = yield* Effect.forkChild(agent.apply(documentOf("a", "one")))
      yield* begins("a")
      yield* sql`DELETE FROM state_ownership`
      yield* letGo("a")
      const error = yield* Effect.flip(Fiber.join(applying))
      assert.deepInclude(error, { _tag: "StateTaken", epoch: 1 })
      assert.deepEqual(yield* sql`SELECT label FROM resources`, [])
      assert.deepEqual(calls, ["a begins", "a ends"])
      // The next one finds out what was done.
      const next = yield* withPassingTime(agent.apply(documentOf("a", "one")))
      assert.lengthOf(next.resources, 1)
    }).pipe(Effect.provide(layerOf(plugin)))
  })
})

describe("an operation that was recorded while the clock was ahead", () => {
  it.effect("holds the next command up for a second, and no longer", () => {
    const { finish, plugin } = makeNotes({ accepts: () => true })
    return Effect.gen(function* () {
      const agent = yield* Agent
      const sql = yield* SqlClient.SqlClient
      const accepted = yield* Deferred.make<void>()
      const forma = formaOfNotes({ a: { Text: "a" } })
      const first = yield* Effect.forkChild(
        agent.apply(forma, {
          observe: ({ _tag }) => (_tag === "Progressed" ? Deferred.succeed(accepted, undefined) : Effect.void),
        }),
      )
      yield* Deferred.await(accepted)
      yield* Fiber.interrupt(first)
      yield* sql`UPDATE operations SET failure = NULL, settled = 0, checksum = NULL, updated_at = ${365 * 24 * 3_600_000}`
      yield* finish
      const before = yield* Clock.currentTimeMillis
      assert.deepEqual(outcomes(yield* withPassingTime(agent.apply(forma))), ["a create"])
      assert.isBelow((yield* Clock.currentTimeMillis) - before, 60_000)
    }).pipe(Effect.provide(layerOf(plugin)))
  })
})
