import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { OperationJournal } from "../../src/agent/records/OperationJournal.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { fakePlugin, layerFakePlugins, serves } from "../../src/testing/index.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { errorOf } from "./commands/cutOff.ts"
import { formaOf, makeShop, outcomes, type Resources } from "./shop.ts"

/** A provider that throttles is tried again only after twenty minutes. The time of a test runs ahead of files. */
const slowly = {
  operator: { ...defaultOperatorSettings, retry: { maxRetries: 9, baseMillis: 1_200_000, capMillis: 1_200_000 } },
}

const linkedIn = PluginCoordinator.layerInProcess([inProcess(fakeAws)], slowly)
const overFrames = PluginCoordinator.layerNoDeps(slowly).pipe(
  Layer.provide(layerFakePlugins([fakePlugin(fakeAws, () => serves(fakeAws))])),
  Layer.provide(NodeServices.layer),
)
const layerOf = (coordinator: typeof linkedIn) =>
  Layer.mergeAll(Agent.layer, OperationJournal.layer).pipe(Layer.provide([coordinator, Store.layerMemory]))

const layers = [
  ["linked in", layerOf(linkedIn)],
  ["as a process", layerOf(overFrames)],
] as const

const bucket: Resources = { logs: ["FakeAWS::S3::Bucket", { BucketName: "logs" }] }
const widget: Resources = { old: ["FakeAWS::Legacy::Widget", { Model: "m" }] }
const fault = (more: Properties): Properties => ({ operation: "create", action: "error", times: 1, ...more })

/** Asks an apply to stop at its first wait for a next try. Gives its result, and the milliseconds that it took to stop. */
const stopAtRetry = (resources: Resources, config: Properties) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const waiting = yield* Deferred.make<string>()
    const apply = yield* Effect.forkChild(
      agent.apply(formaOf("shop", config, resources), {
        observe: (event) =>
          event._tag === "Progressed" && event.progress.failure !== undefined
            ? Deferred.succeed(waiting, event.commandId)
            : Effect.void,
      }),
    )
    yield* agent.stop(yield* withPassingTime(Deferred.await(waiting)))
    const askedAt = yield* Clock.currentTimeMillis
    const result = yield* withPassingTime(Fiber.join(apply))
    return { result, millis: (yield* Clock.currentTimeMillis) - askedAt }
  })

describe.each(layers)("an apply that is asked to stop while a plugin %s waits for the next try", (_, layer) => {
  it.effect.each([bucket, widget])("ends at once, sends nothing more, and leaves nothing open", (resources) =>
    Effect.gen(function* () {
      const { calls, resources: made, target } = yield* makeShop
      const config = target({ faults: [fault({ when: "before", code: "Throttling" })] })
      const { millis, result } = yield* stopAtRetry(resources, config)
      assert.isAtMost(millis, 600_000)
      assert.strictEqual(result.status, "canceled")
      const [label = ""] = Object.keys(resources)
      assert.deepInclude(errorOf(result, label), { code: "Canceled" })
      assert.include(errorOf(result, label)?.message, "the last try failed with Throttling")
      assert.lengthOf(yield* calls, 1)
      const journal = yield* OperationJournal
      assert.deepEqual(yield* journal.listOpen(), [])
      const agent = yield* Agent
      assert.deepEqual(outcomes(yield* withPassingTime(agent.resume({ forma: "shop" }))), [`${label} create`])
      assert.lengthOf(yield* made, 1)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("finds what may have been done, at once or in the next command", () =>
    Effect.gen(function* () {
      const { resources: made, target } = yield* makeShop
      const config = target({ faults: [fault({ when: "after", code: "NetworkFailure" })] })
      const { millis, result } = yield* stopAtRetry(bucket, config)
      assert.isAtMost(millis, 600_000)
      const journal = yield* OperationJournal
      // A plugin that is linked in answers before the question can be given up.
      assert.lengthOf(yield* journal.listOpen(), result.status === "canceled" ? 1 : 0)
      const agent = yield* Agent
      const applied = yield* withPassingTime(agent.apply(formaOf("shop", config, bucket)))
      assert.isNull(errorOf(applied, "logs"))
      assert.lengthOf(yield* made, 1)
    }).pipe(Effect.provide(layer)),
  )

  it.effect("ends a wait for a read too", () =>
    Effect.gen(function* () {
      const { apply, target } = yield* makeShop
      const agent = yield* Agent
      yield* withPassingTime(apply(bucket))
      const throttled = target({ faults: [fault({ operation: "read", when: "before", code: "Throttling", times: 9 })] })
      const stop = yield* Deferred.make<void>()
      const changed: Resources = { ...bucket, ...widget }
      const applying = yield* Effect.forkChild(
        agent.apply(formaOf("shop", throttled, changed), { stopWhen: Deferred.await(stop) }),
      )
      yield* withPassingTime(Effect.sleep("5 seconds"))
      yield* Deferred.succeed(stop, undefined)
      const askedAt = yield* Clock.currentTimeMillis
      const result = yield* withPassingTime(Fiber.join(applying))
      assert.isAtMost((yield* Clock.currentTimeMillis) - askedAt, 600_000)
      assert.strictEqual(result.status, "canceled")
      assert.strictEqual(errorOf(result, "old")?.code, "Canceled")
    }).pipe(Effect.provide(layer)),
  )
})
