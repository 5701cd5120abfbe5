import { assert, describe, it } from "@effect/vitest"
import { PluginCoordinator } from "formae/agent"
import { inProcess } from "formae/plugin"
import {
  beforeCall,
  type FakeProcess,
  type FakeProgram,
  fakePlugin,
  firstCalls,
  layerFakePlugins,
  makeTestStore,
  makeReaper,
  type Reaper,
  refuse,
  serves,
  type Victim,
  withFaults,
  withPassingTime,
} from "formae/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { SqlClient } from "effect/sql/SqlClient"
import { apply, makePages } from "./pages.ts"

/** A provider and a store, which outlive each agent. */
const makeWorld = Effect.gen(function* () {
  const store = yield* makeTestStore
  const { calls, pages, plugin } = makePages()
  const processes: Array<FakeProcess> = []
  const layerServing = (reaper: Reaper) => {
    const program: FakeProgram = (process) => {
      processes.push(process)
      return reaper.serves(plugin)(process)
    }
    return Layer.provide(PluginCoordinator.layerNoDeps(), layerFakePlugins([fakePlugin(plugin, () => program)]))
  }
  /** Applies pages, by an agent with this reaper. Undefined where the agent died. */
  const applyBy = (reaper: Reaper, layerPlugins = layerServing(reaper), names: ReadonlyArray<string> = ["a"]) => {
    const layer = Layer.provide(reaper.layerAgent, Layer.merge(layerPlugins, store))
    return withPassingTime(Effect.map(reaper.run(Effect.provide(apply(...names), layer)), Option.getOrUndefined))
  }
  const rowsOf = (table: "commands" | "operations" | "resources") =>
    SqlClient.use((sql) =>
      Effect.map(sql`SELECT count(*) FROM ${sql(table)}`.values, ([row]) => Number(row?.[0])),
    ).pipe(Effect.provide(store))
  return { applyBy, calls, layerServing, pages, plugin, processes, rowsOf }
})

/** The steps of an apply in which nobody dies. */
const stepsOfAnApply = Effect.gen(function* () {
  const { applyBy } = yield* makeWorld
  const reaper = makeReaper()
  assert.strictEqual((yield* applyBy(reaper))?.status, "succeeded")
  assert.isFalse(reaper.hasStruck())
  return reaper.reached()
})

const create = ["Create a, before the provider#1", "Create a, before the answer#1"] as const

describe("a reaper", () => {
  it.effect("without a step kills nobody, and lists the steps: before and after each write and each call", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOfAnApply
      const written = ["put a, before#1", "put a, after#1"] as const
      for (const [before, after] of [create, written]) {
        assert.isAtLeast(steps.indexOf(before), 0)
        assert.strictEqual(steps.indexOf(after), steps.indexOf(before) + 1)
      }
      assert.isTrue(steps.every((step) => /, (before|after|before the provider|before the answer)#1$/.test(step)))
      // The command, the intent, the progress, the end with its row, and the end of the command; a create and a status.
      assert.lengthOf(steps, 16)
    }),
  )

  it.effect("lists the first two times of a step, and counts them all", () =>
    Effect.gen(function* () {
      const applyPolled = Effect.fnUntraced(function* (reaper: Reaper) {
        const { applyBy, plugin } = yield* makeWorld
        const polled = withFaults(plugin, beforeCall(firstCalls("Status", 3), refuse("Throttling")))
        const served = layerFakePlugins([fakePlugin(polled, () => reaper.serves(polled))])
        return yield* applyBy(reaper, Layer.provide(PluginCoordinator.layerNoDeps(), served))
      })
      const listing = makeReaper()
      yield* applyPolled(listing)
      const poll = "Status a, before the provider"
      assert.deepEqual(
        listing.reached().filter((step) => step.startsWith(poll)),
        [`${poll}#1`, `${poll}#2`],
      )
      assert.isUndefined(yield* applyPolled(makeReaper(`${poll}#4`)))
      assert.isDefined(yield* applyPolled(makeReaper(`${poll}#5`)))
    }),
  )

  it.effect("kills the agent at any step, by its name as by its number; the next one makes the page once", () =>
    Effect.gen(function* () {
      const steps = yield* stepsOfAnApply
      const killedAt = Effect.fnUntraced(function* (step: string | number, index: number) {
        const world = yield* makeWorld
        const reaper = makeReaper(step)
        assert.isUndefined(yield* world.applyBy(reaper), String(step))
        assert.isTrue(reaper.hasStruck())
        assert.deepEqual(reaper.reached(), steps.slice(0, index + 1))
        return world
      })
      for (const [index, name] of steps.entries()) {
        // The number is looked at in the same place as the name.
        if (index % 4 === 0) yield* killedAt(index + 1, index)
        const { applyBy, calls, pages } = yield* killedAt(name, index)
        assert.strictEqual((yield* applyBy(makeReaper()))?.status, "succeeded", name)
        assert.deepEqual([...pages.keys()], ["a"])
        assert.lengthOf(
          calls.filter((call) => call === "Create a"),
          1,
          name,
        )
      }
    }),
  )

  it.effect("kills the process of the plugin with the agent, and lets the agent write nothing more", () =>
    Effect.gen(function* () {
      const { applyBy, layerServing, processes, rowsOf } = yield* makeWorld
      // Before the first of two intents that are written at the same time.
      const reaper = makeReaper(3)
      assert.isUndefined(yield* applyBy(reaper, layerServing(reaper), ["a", "b"]))
      assert.strictEqual(yield* rowsOf("commands"), 1)
      assert.strictEqual(yield* rowsOf("operations"), 0)
      // The last moment of the agent may have started one more.
      assert.isNotEmpty(processes)
      for (const { ended } of processes) assert.deepEqual(yield* ended, { code: null, signal: "SIGKILL" })
    }),
  )

  it.effect("kills before the write, which is not made then, or after it", () =>
    Effect.gen(function* () {
      for (const [step, rows] of [
        [1, 0],
        [2, 1],
      ] as const) {
        const { applyBy, rowsOf } = yield* makeWorld
        yield* applyBy(makeReaper(step))
        assert.strictEqual(yield* rowsOf("commands"), rows)
        assert.strictEqual(yield* rowsOf("operations"), 0)
      }
      // In the middle of a transaction, nothing of it stays.
      const { applyBy, rowsOf } = yield* makeWorld
      yield* applyBy(makeReaper("put a, after#1"))
      assert.strictEqual(yield* rowsOf("resources"), 0)
    }),
  )
})

describe("a reaper at a step of a plugin", () => {
  it.effect("that is to kill the agent alone lets the plugin do its work first, and nobody hears of it", () =>
    Effect.gen(function* () {
      for (const step of create) {
        const { applyBy, calls, rowsOf } = yield* makeWorld
        assert.isUndefined(yield* applyBy(makeReaper(step)))
        assert.deepEqual(calls, ["Create a"])
        assert.strictEqual(yield* rowsOf("resources"), 0)
      }
    }),
  )

  it.effect.each([
    ["plugin", create[0], { isAgentDead: false, calls: ["Recover a", "Create a", "Status a"] }],
    ["plugin", create[1], { isAgentDead: false, calls: ["Create a", "Recover a"] }],
    ["both", create[0], { isAgentDead: true, calls: [] }],
    ["both", create[1], { isAgentDead: true, calls: ["Create a"] }],
  ] as ReadonlyArray<
    readonly [Victim, string, { readonly isAgentDead: boolean; readonly calls: ReadonlyArray<string> }]
  >)("kills the %s at %s", ([victim, step, expected]) =>
    Effect.gen(function* () {
      const { applyBy, calls } = yield* makeWorld
      const result = yield* applyBy(makeReaper(step, victim))
      assert.deepEqual({ isAgentDead: result === undefined, calls }, expected)
      if (result !== undefined) assert.lengthOf(result.resources[0]?.crashes ?? [], 1)
    }),
  )

  it.effect("or of its agent may kill the plugin alone: the agent lives on", () =>
    Effect.gen(function* () {
      const { applyBy } = yield* makeWorld
      const reaper = makeReaper("put a, before#1", "plugin")
      assert.strictEqual((yield* applyBy(reaper))?.status, "succeeded")
      assert.isTrue(reaper.hasStruck())
    }),
  )
})

describe("a reaper of one agent", () => {
  it.effect("counts the steps of its own agent only", () =>
    Effect.gen(function* () {
      const { applyBy, layerServing } = yield* makeWorld
      const reaper = makeReaper(17)
      const layerPlugins = layerServing(reaper)
      assert.strictEqual((yield* applyBy(reaper, layerPlugins))?.status, "succeeded")
      assert.strictEqual((yield* applyBy(makeReaper(), layerPlugins))?.status, "succeeded")
      assert.lengthOf(reaper.reached(), 16)
      assert.isFalse(reaper.hasStruck())
    }),
  )

  it.effect("has nothing more to do with a plugin that it served once its agent is dead", () =>
    Effect.gen(function* () {
      const { applyBy, calls, layerServing } = yield* makeWorld
      const reaper = makeReaper(create[0])
      const layerPlugins = layerServing(reaper)
      assert.isUndefined(yield* applyBy(reaper, layerPlugins))
      const steps = reaper.reached().length
      assert.strictEqual((yield* applyBy(makeReaper(), layerPlugins))?.status, "succeeded")
      assert.deepEqual(calls, ["Create a", "Recover a", "Read a"])
      assert.lengthOf(reaper.reached(), steps)
    }),
  )

  it.effect("kills an agent whose plugin is linked in, or served without its help", () =>
    Effect.gen(function* () {
      const { plugin } = makePages()
      for (const layerPlugins of [
        Layer.orDie(PluginCoordinator.layerInProcess([inProcess(plugin)])),
        Layer.provide(PluginCoordinator.layerNoDeps(), layerFakePlugins([fakePlugin(plugin, () => serves(plugin))])),
      ]) {
        const { applyBy, rowsOf } = yield* makeWorld
        assert.isUndefined(yield* applyBy(makeReaper("put a, before#1"), layerPlugins))
        assert.strictEqual(yield* rowsOf("operations"), 1)
        assert.strictEqual((yield* applyBy(makeReaper(), layerPlugins))?.status, "succeeded")
      }
    }),
  )
})
