import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { AgentConfiguration } from "../../../src/agent/configuration/AgentConfiguration.ts"
import {
  type ChangedSetting,
  Configuration,
  ConfigurationRefused,
} from "../../../src/agent/configuration/Configuration.ts"
import { configurationChanges } from "../../../src/agent/configuration/configurationChanges.ts"
import { readConfigurationText } from "../../../src/agent/configuration/readConfigurationText.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { formatPlaced } from "../../../src/agent/index.ts"
import { exitsAtOnce, serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create } from "../../operator/operations.ts"
import { makeSupervised, type SupervisedOptions, tagsOf } from "../supervision/supervised.ts"

const settingsIn = (text: string) =>
  Effect.mapError(
    Effect.fromResult(readConfigurationText(text, "c.yaml")),
    (issues) => new ConfigurationRefused({ lines: issues.map((one) => formatPlaced(one, "c.yaml")) }),
  )

const reaches = (before: string, after: string) => {
  const [one, other] = [before, after].map((text) => Result.getOrThrow(readConfigurationText(text, "c")))
  return configurationChanges(one ?? [], other ?? []).map(({ from, path, reach, to }) => [
    path.join("."),
    from,
    to,
    reach,
  ])
}

describe("what has changed in a configuration", () => {
  it.each([
    ["operator: { logLevel: Debug }", [["operator.logLevel", "Info", "Debug", "Operators"]]],
    [
      "plugin: { a: { operator: { logLevel: Debug } } }",
      [["plugin.a.operator.logLevel", undefined, "Debug", "Operators"]],
    ],
    ["supervision: { limits: { heapMiB: 64 } }", [["supervision.limits.heapMiB", undefined, 64, "Launch"]]],
    ["plugin: { a: { settings: { x: 1 } } }", [["plugin.a.settings", undefined, { x: 1 }, "Launch"]]],
    ["plugin: { a: { environment: { X: y } } }", [["plugin.a.environment", undefined, { X: "y" }, "Launch"]]],
    ["plugin: { a: { enabled: false } }", [["plugin.a.enabled", undefined, false, "Use"]]],
    ["plugin: { a: { version: ^1 } }", [["plugin.a.version", undefined, "^1", "Agent"]]],
    ["plugin: { a: { discover: { types: [A::B] } } }", [["plugin.a.discover.types", undefined, ["A::B"], "Discovery"]]],
    ["drift: { policy: repair }", [["drift.policy", undefined, "repair", "Agent"]]],
    ["drift: { everyMillis: 60000 }", [["drift.everyMillis", undefined, 60_000, "Agent"]]],
    ["state: x", [["state", undefined, "x", "Agent"]]],
    ["onlyPlugins: [x]", [["onlyPlugins", undefined, ["x"], "Agent"]]],
    ["agent: { listen: { key: a } }", [["agent.listen.key", undefined, "a", "Agent"]]],
    ["agent: { waitMillis: 0 }", [["agent.waitMillis", 60_000, 0, "Command"]]],
    // What is given is the default.
    ["operator: { logLevel: Info }", []],
  ])("%s reaches as far as it must", (text, changes) => {
    assert.deepEqual(reaches("", text), changes)
    assert.deepEqual(reaches(text, text), [])
  })

  it("is nothing where the same is written otherwise", () => {
    assert.deepEqual(
      reaches("plugin: { a: { settings: { x: 1, y: 2 } } }", "# new\nplugin:\n  a: { settings: { y: 2, x: 1 } }"),
      [],
    )
  })
})

/** A coordinator with one plugin that runs, and a configuration whose text can be replaced. */
const makeConfigured = Effect.fnUntraced(function* (initial: string, options: SupervisedOptions = {}) {
  const supervised = yield* makeSupervised(options)
  const { coordinator, operator } = supervised
  yield* operator()
  let text = initial
  const reported: Array<ChangedSetting> = []
  const used: Array<AgentConfiguration> = []
  const layer = Configuration.layerNoDeps({
    given: yield* settingsIn(initial),
    read: Effect.suspend(() => settingsIn(text)),
    report: (change) => Effect.sync(() => void reported.push(change)),
    use: (configuration) => void used.push(configuration),
  }).pipe(Layer.provide(Layer.succeed(PluginCoordinator, coordinator)))
  const configuration = yield* Effect.provide(Configuration, yield* Layer.build(layer))
  const reload = (next: string) =>
    Effect.suspend(() => {
      text = next
      return configuration.reload("SIGHUP")
    })
  return { ...supervised, configuration, reload, reported, used }
})

const failing = () => create("Flaky", { Fails: ["Throttling"] })

describe("a configuration that is changed while the agent runs", () => {
  it.effect("reaches the running plugin for its next operation, and says what has changed and by what", () =>
    Effect.gen(function* () {
      const { perform, reload, reported } = yield* makeConfigured("plugin: { suite: { settings: {} } }")
      const changed = yield* reload("plugin: { suite: { settings: {} } }\noperator: { retry: { maxRetries: 0 } }")
      assert.deepEqual(changed, [{ what: "operator.retry.maxRetries", from: "9", to: "0", by: "SIGHUP" }])
      assert.deepEqual(reported, changed)
      assert.strictEqual((yield* perform(failing())).status, "Failed")
      assert.deepEqual(yield* reload("plugin: { suite: { settings: {} } }\noperator: { retry: { maxRetries: 0 } }"), [])
    }),
  )

  it.effect(
    "is laid over by the API until the agent ends, checked as a file is, also after the file was read again",
    () =>
      Effect.gen(function* () {
        const { configuration, perform, reload, reported } = yield* makeConfigured("operator: { logLevel: Warn }")
        const by = "the API (alice)"
        const values = { operator: { retry: { maxRetries: 0 } } }
        const changed = [{ what: "operator.retry.maxRetries", from: "9", to: "0", by }]
        assert.deepEqual(yield* configuration.set(values, by), changed)
        assert.deepEqual(reported, changed)
        assert.strictEqual((yield* perform(failing())).status, "Failed")
        for (const wrong of [
          { operator: { retry: { maxRetries: -1 } } },
          { operater: {} },
          { operator: "x" },
          { state: "other.db" },
          { plugin: { suite: { environment: { TOKEN: { env: "NO_SUCH_VARIABLE" } } } } },
        ]) {
          assert.strictEqual((yield* Effect.flip(configuration.set(wrong, by)))._tag, "ConfigurationRefused")
        }
        assert.strictEqual(
          (yield* Effect.flip(configuration.set({ operator: { logLevl: "Debug" } }, by))).message,
          "operator.logLevl: there is no such field; did you mean logLevel?",
        )
        assert.deepEqual(yield* reload("operator: { logLevel: Warn, retry: { maxRetries: 5 } }"), [])
        assert.deepEqual(yield* configuration.set({}, by), [
          { what: "operator.retry.maxRetries", from: "0", to: "5", by },
        ])
        assert.lengthOf(reported, 2)
      }),
  )

  it.effect("is told as a whole to what uses it by itself, and not where it is wrong", () =>
    Effect.gen(function* () {
      const { reload, used } = yield* makeConfigured("")
      yield* reload("plugin: { suite: { discover: { query: { team: web } } } }")
      assert.deepEqual(used.at(-1)?.plugin?.["suite"]?.discover, { query: { team: "web" } })
      yield* Effect.flip(reload("plugin: { suite: { discover: { filters: [{}] } } }"))
      assert.lengthOf(used, 1)
    }),
  )

  it.effect("replaces the launch for what needs a new one, with the new limits", () =>
    Effect.gen(function* () {
      const { eventsUntil, reload } = yield* makeConfigured("")
      yield* reload("plugin: { suite: { environment: { TOKEN: canary }, supervision: { limits: { heapMiB: 64 } } } }")
      const events = yield* eventsUntil("Replaced")
      assert.notInclude(JSON.stringify(events), "canary")
      assert.strictEqual(events.filter(({ _tag }) => _tag === "Launched").length, 2)
    }),
  )

  it.effect("tries a launch again that did not start, when the configuration is read or laid over again", () =>
    Effect.gen(function* () {
      const starts = { isBroken: true }
      const { configuration, eventsSoFar, eventsUntil, reload } = yield* makeConfigured("", {
        programOf: ({ environment }) =>
          environment["MODE"] === "new" && starts.isBroken ? exitsAtOnce(7) : serves(plugin),
      })
      const next = "plugin: { suite: { environment: { MODE: new } } }"
      yield* reload(next)
      yield* eventsUntil("RecycleFailed")
      // Nothing has changed in the text.
      assert.deepEqual(yield* reload(next), [])
      yield* eventsUntil("RecycleFailed")
      assert.deepEqual(yield* configuration.set({}, "the API"), [])
      yield* eventsUntil("RecycleFailed")
      starts.isBroken = false
      yield* reload(next)
      yield* eventsUntil("Replaced")
      // What has started is not tried again.
      yield* reload(next)
      assert.notInclude(tagsOf(yield* eventsSoFar), "Recycling")
    }),
  )

  it.effect("stops a plugin that is disabled, and lets it be started again", () =>
    Effect.gen(function* () {
      const { eventsUntil, operator, reload } = yield* makeConfigured("")
      yield* reload("plugin: { suite: { enabled: false } }")
      yield* eventsUntil("Disabled")
      const refused = yield* Effect.flip(operator())
      assert.include(refused.message, "is disabled by c.yaml:1:20")
      yield* reload("")
      yield* operator()
    }),
  )

  it.effect("changes nothing where it is wrong or needs another agent, and says why", () =>
    Effect.gen(function* () {
      const { configuration, eventsSoFar, reload, reported } = yield* makeConfigured("")
      yield* eventsSoFar
      for (const [text, says] of [
        ["operator: { retry: { maxRetries: no } }", "c.yaml:1:22 operator.retry.maxRetries: Expected"],
        [
          "state: other.db\noperator: { logLevel: Debug }",
          "state cannot be changed while the agent runs: it is not set, and would be other.db. Stop the agent and start it again",
        ],
        [
          "plugin: { suite: { environment: { A: { env: NO_SUCH_VARIABLE } } } }",
          "c.yaml:1:20 plugin.suite.environment.A: the environment variable NO_SUCH_VARIABLE is not set",
        ],
      ] as const) {
        const { lines } = yield* Effect.flip(reload(text))
        assert.isTrue(lines[0]?.startsWith(says), lines.join())
      }
      assert.deepEqual(reported, [])
      assert.deepEqual(yield* configuration.current, [])
      assert.deepEqual(yield* eventsSoFar, [])
    }),
  )
})
