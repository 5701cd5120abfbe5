import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/testing/TestClock"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { definePlugin, inProcess } from "../../../src/plugin/index.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import type { Operation } from "../../../src/protocol/Operation.ts"
import { defaultOperatorSettings } from "../../../src/protocol/Settings.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create, unobserved } from "../../operator/operations.ts"
import { given, makeSettable } from "../../plugin/settablePlugin.ts"

const noRetries = { ...defaultOperatorSettings, retry: { ...defaultOperatorSettings.retry, maxRetries: 0 } }

/** Fails once, and succeeds if it is tried again. */
const flaky = () => create("Flaky", { Fails: ["Throttling"] })

const operatorFor = ({ operationId }: Pick<Operation, "operationId">) =>
  Effect.flatMap(PluginCoordinator, ({ operator }) =>
    operator({ namespace: "Suite", resourceUri: "forma/label", operation: "Create", operationId }),
  )

/** The end of an operation, while an hour passes. */
const perform = Effect.fnUntraced(function* (operation: Operation) {
  const operator = yield* operatorFor(operation)
  const running = yield* Effect.forkChild(operator.perform(operation, unobserved), { startImmediately: true })
  yield* TestClock.adjust("1 hour")
  return yield* Fiber.join(running)
})

describe("a plugin that is linked in", () => {
  it.effect("obeys new settings from its next operation", () =>
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      assert.strictEqual((yield* perform(flaky())).status, "Succeeded")
      yield* coordinator.configure(noRetries)
      assert.strictEqual((yield* perform(flaky())).status, "Failed")
      yield* coordinator.configure(defaultOperatorSettings)
      assert.strictEqual((yield* perform(flaky())).status, "Succeeded")
    }).pipe(Effect.provide(PluginCoordinator.layerInProcess([inProcess(plugin)]))),
  )

  it.effect("obeys the operator settings that the coordinator was made with", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* perform(flaky())).status, "Failed")
    }).pipe(Effect.provide(PluginCoordinator.layerInProcess([inProcess(plugin)], { operator: noRetries }))),
  )

  it.effect("keeps to its schedules when the numbers change", () =>
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      yield* coordinator.configure(noRetries)
      assert.strictEqual((yield* perform(flaky())).status, "Succeeded")
    }).pipe(
      Effect.provide(PluginCoordinator.layerInProcess([inProcess(plugin, { retry: Schedule.spaced("1 second") })])),
    ),
  )

  it.effect("gets its own settings, and releases what it has built from them with the coordinator", () => {
    const { plugin: settable, seen } = makeSettable()
    return Effect.gen(function* () {
      const done = yield* Effect.provide(
        perform(create("Now", {})),
        PluginCoordinator.layerInProcess([inProcess(settable)], {
          settings: (name) => (name === settable.name ? given : undefined),
        }),
      )
      assert.deepInclude(done, { nativeId: NativeId.make(given.endpoint) })
      assert.deepEqual(seen, { built: 1, released: 1 })
    })
  })

  it.effect("that refuses its settings fails its callers with the reason", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(operatorFor(create("Now", {})))
      assert.deepInclude(error, {
        _tag: "PluginStartFailed",
        cause: {
          _tag: "Refused",
          message: "The plugin suite has no settings, and was given endpoint: take them out of its configuration",
        },
      })
    }).pipe(
      Effect.provide(
        PluginCoordinator.layerInProcess([inProcess(plugin)], { settings: () => ({ endpoint: "nowhere" }) }),
      ),
    ),
  )

  it.effect("is quarantined by the policy that was given", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(operatorFor(create("Now", {})))
      assert.deepInclude(error, { _tag: "PluginQuarantined", plugin: "suite" })
    }).pipe(
      Effect.provide(
        PluginCoordinator.layerInProcess([inProcess(plugin)], {
          settings: () => ({ endpoint: "nowhere" }),
          policy: () => ({
            delays: Schedule.forever,
            intensity: { restarts: 0, withinMillis: 60_000 },
            healthyPeriod: Duration.minutes(1),
          }),
        }),
      ),
    ),
  )

  it.effect("that does not start in time fails its callers within the limits that were given", () => {
    const slow = definePlugin({
      name: "slow",
      namespace: "Suite",
      version: "1.0.0",
      types: [],
      layer: Layer.effectDiscard(Effect.never),
    })
    const { limits } = defaultSupervisionSettings
    const supervision = { ...defaultSupervisionSettings, limits: { ...limits, queueMillis: 2_000 } }
    return Effect.gen(function* () {
      const waiting = yield* Effect.forkChild(Effect.flip(operatorFor(create("Now", {}))), { startImmediately: true })
      yield* TestClock.adjust("2 seconds")
      assert.deepInclude(yield* Fiber.join(waiting), { _tag: "PluginDown", waitedMillis: 2_000 })
    }).pipe(Effect.provide(PluginCoordinator.layerInProcess([inProcess(slow)], { supervision: () => supervision })))
  })
})

describe("two plugins that are linked in", () => {
  const bare = (name: string, namespace: string) =>
    inProcess(definePlugin({ name, namespace, version: "1.0.0", types: [] }))

  const conflictOf = (...plugins: ReadonlyArray<ReturnType<typeof bare>>) =>
    Effect.flip(Effect.scoped(Layer.build(PluginCoordinator.layerInProcess(plugins))))

  it.effect("are refused if they serve one namespace, also where only the case differs", () =>
    Effect.gen(function* () {
      const error = yield* conflictOf(bare("shop", "Shop"), bare("other", "Other"), bare("store", "SHOP"))
      assert.deepInclude(error, { _tag: "PluginsConflict", plugins: ["shop", "store"] })
      assert.strictEqual(
        error.message,
        "The plugins shop and store both serve the namespace Shop: link in only one of them",
      )
    }),
  )

  it.effect("are refused if they have one name", () =>
    Effect.gen(function* () {
      const error = yield* conflictOf(bare("shop", "Shop"), bare("shop", "Store"))
      assert.strictEqual(
        error.message,
        "The plugins of the namespaces Shop and Store are both named shop: give one of them another name",
      )
    }),
  )
})
