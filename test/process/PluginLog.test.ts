import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Queue from "effect/Queue"
import * as References from "effect/References"
import { fileURLToPath } from "node:url"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { defaultOperatorSettings } from "../../src/protocol/Settings.ts"
import { callsOn, operatorOf } from "./clouds.ts"

const directory = fileURLToPath(new URL("../fixtures/plugins/logging", import.meta.url))

interface Captured {
  readonly level: string
  readonly message: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** An agent with a plugin that prints, and a receipt of each record in the agent's log. */
const makeAgent = Effect.gen(function* () {
  const records = yield* Queue.unbounded<Captured>()
  const logger = Logger.make<unknown, void>(({ fiber, logLevel, message }) => {
    const annotations = { ...fiber.getRef(References.CurrentLogAnnotations) }
    Queue.offerUnsafe(records, { level: logLevel, message: String(message), annotations })
  })
  const layer = PluginCoordinator.layerProcesses([directory]).pipe(
    Layer.provideMerge(NodeServices.layer),
    Layer.provideMerge(Layer.mergeAll(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, "Debug"))),
  )
  /** The next records of the plugin, up to one that has these words. */
  const until = Effect.fnUntraced(function* (words: string) {
    const seen: Array<Captured> = []
    while (seen.at(-1)?.message.includes(words) !== true) {
      const record = yield* Queue.take(records)
      if (record.annotations["plugin"] === "logging") seen.push(record)
    }
    return seen
  })
  return { layer, until }
})

const speak = Effect.gen(function* () {
  yield* callsOn(yield* operatorOf("Logging"), "Logging::Loud::Speech", {}).create({})
})

describe("what a plugin prints", () => {
  it.live("arrives in the agent's log with its level and its origin", () =>
    Effect.gen(function* () {
      const { layer, until } = yield* makeAgent
      yield* Effect.gen(function* () {
        yield* speak
        const records = yield* until("it broke")
        assert.deepEqual(
          records.map(({ level, message }) => [level, message.split("\n")[0]]),
          [
            ["Info", "while it loads"],
            ["Info", "a child sees []"],
            ["Info", "by console.log"],
            ["Info", "half a line"],
            ["Warn", "by Effect"],
            ["Error", "it broke"],
          ],
        )
        assert.match(records.at(-1)?.message ?? "", /^it broke\nTypeError: no such thing\n +at .*main\.ts/)
        const [, , printed, , logged] = records
        const { operationId, ...origin } = logged?.annotations ?? {}
        assert.match(String(operationId), /^op-/)
        assert.deepEqual({ ...printed?.annotations, shelf: 3 }, origin)
        assert.deepInclude(origin, { plugin: "logging", generation: 1 })
        assert.isNumber(origin["pid"])
      }).pipe(Effect.provide(layer))
    }),
  )

  it.live("is filtered by a new level when the agent changes it while the plugin runs", () =>
    Effect.gen(function* () {
      const { layer, until } = yield* makeAgent
      yield* Effect.gen(function* () {
        const coordinator = yield* PluginCoordinator
        yield* speak
        assert.notInclude(
          (yield* until("it broke")).map(({ message }) => message),
          "in detail",
        )
        yield* coordinator.configure({ ...defaultOperatorSettings, logLevel: "Debug" })
        yield* speak
        const [first] = yield* until("it broke")
        assert.deepInclude(first, { level: "Debug", message: "in detail" })
        assert.strictEqual(first?.annotations["generation"], 1)
      }).pipe(Effect.provide(layer))
    }),
  )
})
