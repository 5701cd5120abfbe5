import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as SqlClient from "effect/sql/SqlClient"
import * as TestClock from "effect/testing/TestClock"
import { Agent } from "../../src/agent/Agent.ts"
import type { ResourceResult } from "../../src/agent/apply/ResourceResult.ts"
import { isRepair } from "../../src/agent/commands/Repair.ts"
import { repairBlockers } from "../../src/agent/commands/ResumeBlockers.ts"
import { watchDrift } from "../../src/agent/DriftWatch.ts"
import { formatResult } from "../../src/cli/formatResult.ts"
import { driftLeft } from "../../src/cli/looking/driftLeft.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"
import { RepairObserver } from "../../src/agent/records/RepairEnded.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { driftOf, formaOfPlants, layerGarden, makeGarden } from "./garden.ts"

const repair = { drift: "repair" } as const

const writesOf = (calls: ReadonlyArray<string>) => calls.filter((call) => !call.startsWith("read "))

const planned = (changed: string): ResourceResult => ({
  label: "rose",
  type: "Garden::Plant",
  operation: "update",
  status: "planned",
  nativeId: "rose-1",
  changes: [{ path: changed }],
  error: null,
  durationMillis: 0,
  attempts: 1,
  crashes: [],
  changed: [],
})

describe("a repair", () => {
  it("sets back the places that have drifted, and no change that had failed", () => {
    const drift = { policy: "repair", readAt: 0, places: [{ path: "/Color", since: 0 }] } as const
    const found = [{ ...planned("/Color"), drift }]
    const may = (changed: string) => isRepair([planned(changed)], ["rose"], found)
    assert.deepEqual(["/Color", "/Color/Shade", "/Colors", "/Height"].map(may), [true, true, false, false])
  })

  it("replaces and deletes nothing where it is resumed", () => {
    const changes = (["noop", "update", "create", "replace", "delete"] as const).map((operation) => ({
      label: operation,
      operation,
    }))
    assert.deepEqual([...repairBlockers({ changes }).keys()], ["replace", "delete"])
  })
})

describe("drift: repair", () => {
  it.effect(
    "is set back after a sync, with its secrets, by a command in the journal, and nothing else is touched",
    () => {
      const garden = makeGarden()
      return Effect.gen(function* () {
        const agent = yield* Agent
        const plants = { rose: { Color: "red", Key: "secret" }, fern: { Color: "green" }, oak: { Color: "brown" } }
        yield* agent.apply(formaOfPlants(plants, { rose: repair, oak: { drift: "ask" } }))
        yield* Effect.forEach(["rose", "fern", "oak"], (name) => garden.elsewhere(name, { Color: "blue" }))
        yield* garden.newCalls
        yield* agent.sync()
        assert.deepEqual(writesOf(yield* garden.newCalls), [], "a sync that was not asked to repair changes nothing")
        const result = yield* agent.sync({ repair: true })
        assert.include(result.note, "set back in beds: rose")
        assert.deepEqual(
          driftLeft(result).map(({ label }) => label),
          ["fern", "oak"],
        )
        assert.include(
          linesToWrite(formatResult(result, []), false).join("\n"),
          "3 resources read: 2 changed elsewhere, 1 set back",
        )
        assert.deepEqual(writesOf(yield* garden.newCalls), ["update rose-1"])
        assert.deepInclude(garden.plants.get("rose-1"), { Color: "red", Key: "secret", Height: 3 })
        const { commands } = yield* agent.commands()
        assert.deepInclude(commands[0], { command: "apply", forma: "beds", askedBy: "drift: repair" })
        assert.deepEqual(driftOf(yield* agent.drift()), [
          `fern update /Color: "green" -> "blue"`,
          `oak update /Color: "brown" -> "blue"`,
        ])
        yield* agent.sync({ repair: true })
        assert.deepEqual(writesOf(yield* garden.newCalls), [], "once is enough")
      }).pipe(Effect.provide(layerGarden(garden)))
    },
  )

  it.effect("creates what is gone again, and replaces and deletes nothing", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: {}, fern: {}, oak: {} }, { rose: repair, fern: repair, oak: repair }))
      yield* garden.uproot("rose")
      yield* garden.elsewhere("fern", { Name: "moss" })
      yield* garden.newCalls
      const result = yield* agent.sync({ repair: true })
      assert.deepEqual(driftOf(result), [`fern replace /Name: "fern" -> "moss"`, "rose create gone"])
      assert.deepEqual(writesOf(yield* garden.newCalls), ["create rose-4"])
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("leaves alone what would take along something else that has drifted", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const plants = { fern: { Color: "green" }, rose: { Color: "red", Beside: { $ref: "fern.Id" } } }
      yield* agent.apply(formaOfPlants(plants, { rose: repair }))
      yield* Effect.forEach(["rose", "fern"], (name) => garden.elsewhere(name, { Color: "blue" }))
      yield* garden.newCalls
      const result = yield* agent.sync({ repair: true })
      assert.include(result.note, "not set back in beds: rose: that would change another resource too")
      assert.deepEqual(writesOf(yield* garden.newCalls), [])
    }).pipe(Effect.provide(layerGarden(garden)))
  })

  it.effect("sets back what was applied last, and nothing while that is no whole document", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const first = formaOfPlants({ rose: { Color: "red" }, fern: { Color: "green" } }, { rose: repair, fern: repair })
      const second = formaOfPlants({ rose: { Color: "pink" }, fern: { Color: "lime" } }, { rose: repair, fern: repair })
      yield* agent.apply(first)
      yield* agent.apply(first, { only: ["rose"] })
      yield* garden.elsewhere("rose", { Color: "blue" })
      yield* agent.sync({ repair: true })
      assert.strictEqual(garden.plants.get("rose-1")?.["Color"], "red", "it is still the same document")
      yield* agent.apply(second, { only: ["rose"] })
      yield* garden.elsewhere("fern", { Color: "blue" })
      assert.include((yield* agent.sync({ repair: true })).note, "not set back in beds: fern")
      yield* agent.apply(second)
      yield* garden.elsewhere("fern", { Color: "blue" })
      yield* agent.sync({ repair: true })
      assert.deepEqual(
        [...garden.plants.values()].map((plant) => plant["Color"]),
        ["pink", "lime"],
      )
      yield* agent.destroy("beds")
      assert.deepInclude(yield* agent.sync({ repair: true }), { read: 0 })
    }).pipe(Effect.provide(layerGarden(garden)))
  })
})

describe("a repair that does not end at once", () => {
  const drifted = Effect.fnUntraced(function* (garden: ReturnType<typeof makeGarden>) {
    const agent = yield* Agent
    yield* agent.apply(formaOfPlants({ rose: { Color: "red" } }, { rose: repair }))
    yield* garden.elsewhere("rose", { Color: "blue" })
    yield* garden.beginSlowly("rose")
    const isUnderWay = yield* Deferred.make<string>()
    const events = yield* agent.events
    yield* Effect.forkScoped(
      Effect.forever(
        Effect.flatMap(Queue.take(events), ({ _tag, commandId }) =>
          _tag === "Progressed" ? Deferred.succeed(isUnderWay, commandId) : Effect.void,
        ),
      ),
    )
    const syncing = yield* Effect.forkChild(agent.sync({ repair: true }))
    return { agent, syncing, commandId: yield* withPassingTime(Deferred.await(isUnderWay)) }
  })
  const statusOf = (agent: Agent["Service"]) => Effect.map(agent.commands(), ({ commands }) => commands[0]?.status)
  const layer = (garden: ReturnType<typeof makeGarden>, ended: Array<string>) =>
    layerGarden(
      garden,
      Agent.layer.pipe(
        Layer.provide(
          Layer.succeed(RepairObserver, ({ ending, forma }) =>
            Effect.sync(() => void ended.push(`${forma} ${ending}`)),
          ),
        ),
      ),
    )

  it.effect("goes on when whoever has asked for the sync is gone, and says how it has ended", () => {
    const garden = makeGarden()
    const ended: Array<string> = []
    return Effect.gen(function* () {
      const { agent, syncing } = yield* drifted(garden)
      yield* Fiber.interrupt(syncing)
      assert.strictEqual(yield* statusOf(agent), "running")
      yield* garden.finish
      yield* withPassingTime(
        Effect.repeat(Effect.andThen(Effect.yieldNow, statusOf(agent)), { until: (status) => status !== "running" }),
      )
      assert.strictEqual(yield* statusOf(agent), "succeeded")
      assert.deepInclude(garden.plants.get("rose-1"), { Color: "red" })
      assert.deepEqual(ended, ["beds succeeded"])
      assert.deepInclude(yield* agent.sync({ repair: true }), { read: 1, resources: [] })
    }).pipe(Effect.scoped, Effect.provide(layer(garden, ended)))
  })

  it.effect("hides no drift for good where it was canceled: the next one ends it", () => {
    const garden = makeGarden()
    const ended: Array<string> = []
    return Effect.gen(function* () {
      const { agent, commandId, syncing } = yield* drifted(garden)
      assert.isTrue(yield* agent.stop(commandId))
      assert.include((yield* withPassingTime(Fiber.join(syncing))).note, "not set back in beds: rose")
      assert.deepEqual([yield* statusOf(agent), ended], ["canceled", ["beds canceled"]])
      assert.deepInclude(yield* agent.sync(), { read: 0 }, "its operation is open")
      yield* garden.finish
      assert.include((yield* withPassingTime(agent.sync({ repair: true }))).note, "set back in beds: rose")
      assert.deepEqual([yield* statusOf(agent), ended], ["succeeded", ["beds canceled", "beds succeeded"]])
      assert.deepInclude(garden.plants.get("rose-1"), { Color: "red" })
      assert.deepInclude(yield* agent.sync(), { read: 1, resources: [] })
    }).pipe(Effect.scoped, Effect.provide(layer(garden, ended)))
  })
})

describe("an agent that looks for drift", () => {
  it.effect("does so at each time, one after the other, and goes on after one that failed", () => {
    const garden = makeGarden()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfPlants({ rose: { Color: "red" } }, { rose: repair }))
      const watch = yield* Effect.forkChild(watchDrift({ every: "1 hour" }))
      const after = Effect.fnUntraced(function* (minutes: number) {
        yield* TestClock.adjust(`${minutes} minutes`)
        yield* Effect.replicateEffect(Effect.yieldNow, 500)
      })
      yield* garden.newCalls
      yield* after(47)
      assert.deepEqual(yield* garden.newCalls, [], "not before four fifths of the time")
      yield* garden.elsewhere("rose", { Color: "blue" })
      yield* after(26)
      assert.deepEqual(writesOf(yield* garden.newCalls), ["update rose-1"])
      assert.deepInclude(garden.plants.get("rose-1"), { Color: "red" })
      yield* garden.elsewhere("rose", { Color: "white" })
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE resources SET target = 'damaged'`
      yield* after(73)
      assert.deepEqual(writesOf(yield* garden.newCalls), [], "the state cannot be read")
      yield* sql`UPDATE resources SET target = 'here'`
      yield* after(73)
      assert.deepEqual(writesOf(yield* garden.newCalls), ["update rose-1"])
      yield* Fiber.interrupt(watch)
    }).pipe(Effect.provide(layerGarden(garden)))
  })
})
