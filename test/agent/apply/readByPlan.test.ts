/** An update starts from what the plan of its command has read, and reads again where that may be old. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Agent } from "../../../src/agent/Agent.ts"
import { ResourceUpdater } from "../../../src/agent/apply/ResourceUpdater.ts"
import { ResourceIdentifier } from "../../../src/agent/operations/ResourceIdentifier.ts"
import { ResourceReader } from "../../../src/agent/operations/ResourceReader.ts"
import { Planner } from "../../../src/agent/plan/Planner.ts"
import { Seals } from "../../../src/agent/secrets/Seals.ts"
import { TargetConfigs } from "../../../src/agent/secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { layerTestStore } from "../../../src/testing/TestStore.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../notes.ts"

const commandId = "command-1"

/** An agent, and the parts of it that a host may use by themselves. */
const layerOf = ({ plugin }: ReturnType<typeof makeNotes>) =>
  Layer.mergeAll(Agent.layerNoDeps, Planner.layerNoDeps).pipe(
    Layer.provide([ResourceIdentifier.layerNoDeps, ResourceReader.layerNoDeps]),
    Layer.provide([Seals.layerNoDeps, TargetConfigs.layerNoDeps]),
    Layer.provideMerge(ResourceUpdater.layerNoDeps),
    Layer.provideMerge([Agent.layerRecords, PluginCoordinator.layerInProcess([plugin])]),
    Layer.provide(layerTestStore),
  )

const two = (text: string) =>
  formaOfNotes({ first: { Text: text }, second: { Text: `second ${text}`, Hint: { $ref: "first.Digest" } } })

describe("an update", () => {
  it.effect("reads nothing that the plan of its command has read", () => {
    const provider = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfNotes({ it: { Text: "old" } }))
      assert.deepStrictEqual(provider.reads, [])
      yield* agent.apply(formaOfNotes({ it: { Text: "new" } }))
      assert.deepStrictEqual(provider.reads, ["it"])
      assert.deepStrictEqual(provider.calls, ["create it", 'update it to {"Text":"new"}'])
    }).pipe(Effect.provide(layerOf(provider)))
  })

  it.effect("reads again where a value that it refers to has changed since", () => {
    const provider = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(two("old"))
      yield* agent.apply(two("new"))
      assert.deepStrictEqual(provider.reads, ["first", "second", "second"])
      assert.include(provider.calls, 'update second to {"Text":"second new","Hint":"digest of new"}')
    }).pipe(Effect.provide(layerOf(provider)))
  })

  it.effect("reads again if the plan was made by another command, or by itself", () => {
    const provider = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const planner = yield* Planner
      const updater = yield* ResourceUpdater
      yield* agent.apply(formaOfNotes({ it: { Text: "old" } }))
      const forma = formaOfNotes({ it: { Text: "new" } })
      const wanted = yield* planner.check(forma)
      const [nativeId = ""] = provider.notes.keys()
      for (const plannedBy of [undefined, "command-0", commandId]) {
        provider.notes.set(nativeId, { Text: "old" })
        const {
          changes: [change],
        } = yield* planner.plan(forma, wanted, new Map(), { command: plannedBy })
        if (change === undefined) return assert.fail("no change")
        // Somebody else does the same meanwhile: only who reads again sees it.
        provider.notes.set(nativeId, { Text: "new" })
        const command = { commandId, forma: "notes" }
        const result = yield* updater.run({ _tag: "Ensure", command, change, properties: { Text: "new" } })
        const operation = result._tag === "Done" ? result.operation : result._tag
        assert.strictEqual(operation, plannedBy === commandId ? "update" : "noop", plannedBy)
      }
    }).pipe(Effect.provide(layerOf(provider)))
  })

  it.effect("says that the plan is outdated where the resource was deleted elsewhere since", () => {
    const provider = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const planner = yield* Planner
      const updater = yield* ResourceUpdater
      yield* agent.apply(formaOfNotes({ it: { Text: "old" } }))
      const forma = formaOfNotes({ it: { Text: "new" } })
      const {
        changes: [change],
      } = yield* planner.plan(forma, yield* planner.check(forma), new Map(), { command: commandId })
      if (change === undefined) return assert.fail("no change")
      provider.notes.clear()
      const command = { commandId, forma: "notes" }
      const run = updater.run({ _tag: "Ensure", command, change, properties: { Text: "new" } })
      const failure = yield* withPassingTime(Effect.flip(run))
      assert.strictEqual(failure._tag === "ChangeFailed" && failure.reason._tag, "PlanOutdated")
      assert.strictEqual(
        failure.message,
        "it: it was deleted elsewhere since the plan was made; apply the document again",
      )
      assert.isAbove(failure._tag === "ChangeFailed" ? failure.attempts : 0, 0)
    }).pipe(Effect.provide(layerOf(provider)))
  })

  it.effect("keeps the words of the provider where the resource is still there", () => {
    const provider = makeNotes({ refuses: () => true })
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfNotes({ it: { Text: "old" } }))
      const { resources } = yield* agent.apply(formaOfNotes({ it: { Text: "new" } }))
      assert.include(JSON.stringify(resources), "notes are read only")
      assert.deepStrictEqual(provider.reads, ["it", "it"])
    }).pipe(Effect.provide(layerOf(provider)))
  })
})
