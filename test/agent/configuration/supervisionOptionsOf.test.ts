import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { missingVariables } from "../../../src/agent/configuration/missingVariables.ts"
import { readConfigurationText } from "../../../src/agent/configuration/readConfigurationText.ts"
import { configurationOf } from "../../../src/agent/configuration/Setting.ts"
import { supervisionOptionsOf } from "../../../src/agent/configuration/supervisionOptionsOf.ts"

const read = Effect.fnUntraced(function* (text: string, environment: Record<string, string> = {}) {
  const given = Result.getOrThrow(readConfigurationText(text, "c.yaml"))
  const configuration = yield* configurationOf(given)
  return {
    options: supervisionOptionsOf(configuration, { given, environment }),
    missing: missingVariables(configuration, given, environment),
  }
})

describe("what a configuration says of one plugin", () => {
  it.effect("goes before what it says of all", () =>
    Effect.gen(function* () {
      const { options } = yield* read(`
operator: { retry: { maxRetries: 3, baseMillis: 7 } }
supervision: { restart: { intensity: { restarts: 1 } }, limits: { queued: 5 } }
plugin:
  aws:
    operator: { retry: { maxRetries: 4 } }
    supervision: { restart: { intensity: { withinMillis: 9 } } }`)
      assert.deepInclude(options.operatorOf?.("aws")?.retry, { maxRetries: 4, baseMillis: 7, capMillis: 30_000 })
      assert.deepInclude(options.operatorOf?.("azure")?.retry, { maxRetries: 3, baseMillis: 7 })
      assert.deepEqual(options.supervision?.("aws").restart.intensity, { restarts: 1, withinMillis: 9 })
      assert.strictEqual(options.supervision?.("aws").limits.queued, 5)
      assert.isUndefined(options.environment?.("aws"))
    }),
  )

  it.effect("can be that it is not to be used, with the place", () =>
    Effect.gen(function* () {
      const { options } = yield* read("plugin: { aws: { enabled: false }, azure: { enabled: true } }")
      assert.strictEqual(options.disabled?.("aws"), "c.yaml:1:18")
      assert.isUndefined(options.disabled?.("azure"))
      assert.isUndefined(options.disabled?.("constructor"))
    }),
  )

  it.effect("can be variables of its environment, whose values may be those of the agent", () =>
    Effect.gen(function* () {
      const text = "plugin: { aws: { environment: { A: here, B: { env: THERE } } } }"
      const { missing, options } = yield* read(text, { THERE: "x", constructor: "y" })
      assert.deepEqual(options.environment?.("aws"), { A: "here", B: "x" })
      assert.deepEqual(missing, [])
      const unset = yield* read(text)
      assert.deepEqual(
        unset.missing.map(({ message, path, place }) => [place, path.join("."), message]),
        [
          [
            "c.yaml:1:18",
            "plugin.aws.environment.B",
            "the environment variable THERE is not set; set it, or write the value here",
          ],
        ],
      )
    }),
  )
})
