import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { Agent } from "../../src/agent/Agent.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { isForAMoment, type StateHolder } from "../../src/agent/store/StateHolder.ts"
import { makeTestStore } from "../../src/testing/TestStore.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfPlants, makeGarden } from "./garden.ts"
import { changesOf } from "./shop.ts"

/** Two agents on one state, as two processes have them, and 40 plants: more than a sync records at once. */
const twoAgents = Effect.gen(function* () {
  const garden = makeGarden()
  const store = yield* makeTestStore
  const build = Layer.build(
    Layer.fresh(Agent.layer).pipe(Layer.provide([PluginCoordinator.layerInProcess([garden.plugin]), store])),
  )
  const [one, other] = [Context.get(yield* build, Agent), Context.get(yield* build, Agent)]
  const names = Array.from({ length: 40 }, (_, index) => `p${String(index).padStart(2, "0")}`)
  yield* one.apply(formaOfPlants(Object.fromEntries(names.map((name) => [name, {}]))))
  return { garden, one, other, sql: Context.get(yield* Layer.build(store), SqlClient.SqlClient) }
})

const trees = formaOfPlants({ oak: {} }, {}, { name: "trees" })

/** An apply that holds the state until `answer` is given. */
const applyThatAsks = Effect.fnUntraced(function* (agent: Agent["Service"]) {
  const [asked, answer] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
  const confirm = () => Effect.andThen(Deferred.succeed(asked, undefined), Effect.as(Deferred.await(answer), true))
  const fiber = yield* Effect.forkDetach(agent.apply(trees, { confirm }))
  yield* Deferred.await(asked)
  const ended = Effect.orDie(Effect.map(Fiber.join(fiber), changesOf))
  return { end: Effect.andThen(Deferred.succeed(answer, undefined), ended) }
})

describe("a sync beside the command of another agent", () => {
  it.effect("leaves out what it cannot record, and goes on", () =>
    Effect.gen(function* () {
      const { garden, one, other } = yield* twoAgents
      const answer = yield* Deferred.make<Effect.Effect<ReadonlyArray<string>>>()
      yield* garden.beforeRead(
        "p00",
        Effect.flatMap(applyThatAsks(other), ({ end }) => Deferred.succeed(answer, end)),
      )
      // The second page is recorded, because the command has ended when it is read.
      yield* garden.beforeRead("p32", Effect.flatten(Deferred.await(answer)))
      const { notes, read, status } = yield* withPassingTime(one.sync())
      assert.deepInclude({ read, status }, { read: 8, status: "succeeded" })
      const left = notes?.flatMap((note) => (note._tag === "LeftOut" ? note.labels : []))
      assert.deepEqual([left?.length, left?.[0], left?.at(-1)], [32, "p00", "p31"])
    }),
  )

  it.effect("records all of it, if the command ends in time", () =>
    Effect.gen(function* () {
      const { garden, one, other } = yield* twoAgents
      yield* garden.beforeRead(
        "p00",
        Effect.flatMap(applyThatAsks(other), ({ end }) => Effect.forkDetach(Effect.delay(end, "2 seconds"))),
      )
      const { notes, read } = yield* withPassingTime(one.sync())
      assert.deepEqual([read, notes], [41, undefined], "the new one too")
    }),
  )

  it.effect("is refused if the command has begun before it and does not end, and has read nothing", () =>
    Effect.gen(function* () {
      const { garden, one, other } = yield* twoAgents
      const { end } = yield* applyThatAsks(other)
      yield* garden.newCalls
      const error = yield* Effect.flip(withPassingTime(one.sync()))
      assert.strictEqual(error._tag, "StateInUse")
      assert.deepEqual(yield* garden.newCalls, [])
      assert.deepEqual(yield* end, ["oak create"])
    }),
  )

  it.effect("holds the state for a moment only, so that a command waits for it", () =>
    Effect.gen(function* () {
      const { one, sql } = yield* twoAgents
      yield* sql`CREATE TABLE seen (owner TEXT)`
      yield* sql`
        CREATE TRIGGER see AFTER UPDATE OF last_read ON resources
        BEGIN INSERT INTO seen SELECT owner FROM state_ownership; END`
      yield* one.sync()
      const owners = (yield* sql`SELECT owner FROM seen`.values).map(([owner]) => String(owner))
      assert.lengthOf(owners, 40)
      assert.isTrue(owners.every((owner) => isForAMoment({ owner } as StateHolder)))
    }),
  )
})
