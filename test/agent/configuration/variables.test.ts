import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { configurationFields } from "../../../src/agent/configuration/ConfigurationField.ts"
import { readConfigurationText } from "../../../src/agent/configuration/readConfigurationText.ts"
import { readVariables } from "../../../src/agent/configuration/readVariables.ts"
import { configurationOf } from "../../../src/agent/configuration/Setting.ts"
import { meaningOf, variableOf } from "../../../src/agent/configuration/variableOf.ts"
import * as Result from "effect/Result"

const read = (environment: Record<string, string>) =>
  Effect.flatMap(readVariables(environment, ":"), (settings) => configurationOf(settings))

describe("the variables of a configuration", () => {
  it("are named by one rule, and each field has one of its own", () => {
    assert.strictEqual(variableOf(["state"]), "FORMAE_STATE")
    assert.strictEqual(variableOf(["onlyPlugins"]), "FORMAE_ONLY_PLUGINS")
    assert.strictEqual(variableOf(["operator", "retry", "maxRetries"]), "FORMAE_OPERATOR_RETRY_MAX_RETRIES")
    assert.strictEqual(variableOf(["supervision", "limits", "heapMiB"]), "FORMAE_SUPERVISION_LIMITS_HEAP_MIB")
    const paths = configurationFields().map(({ path }) => path.map((key) => (key === "NAME" ? "my-cloud" : key)))
    assert.isAbove(paths.length, 60)
    assert.strictEqual(new Set(paths.map(variableOf)).size, paths.length)
    for (const path of paths) {
      const meaning = meaningOf(variableOf(path))
      assert.deepEqual(meaning._tag === "Sets" ? meaning.path : meaning, path)
    }
  })

  it.effect("give values as the file does", () =>
    Effect.gen(function* () {
      const made = yield* read({
        FORMAE_STATE: "s.db",
        FORMAE_PLUGINS: "/one:two:",
        FORMAE_OPERATOR_RETRY_MAX_RETRIES: "0",
        FORMAE_OPERATOR_LOG_LEVEL: "Debug",
        FORMAE_PLUGIN_FAKE_AWS_OPERATOR_POLL_FACTOR: "1.25",
        FORMAE_OPERATOR_RATE_LIMIT_PER_SECOND: "0.5",
        FORMAE_OPERATOR_RATE_LIMIT_BURST: "3",
        FORMAE_OPERATOR_RATE_LIMIT_TARGETS: '[{"where":{"region":"here"},"perSecond":9,"burst":1}]',
        FORMAE_PLUGIN_FAKE_AWS_SETTINGS: '{"tags":{"prefix":"a"}}',
        FORMAE_PLUGIN_FAKE_AWS_DISCOVER_TYPES: '["FakeAWS::S3"]',
        FORMAE_PLUGIN_FAKE_AWS_DISCOVER_QUERY: '{"team":"web"}',
        PATH: "/bin",
      })
      assert.deepEqual(made, {
        state: "s.db",
        plugins: ["/one", "two"],
        operator: {
          retry: { maxRetries: 0 },
          logLevel: "Debug",
          rateLimit: {
            perSecond: 0.5,
            burst: 3,
            targets: [{ where: { region: "here" }, perSecond: 9, burst: 1 }],
          },
        },
        plugin: {
          "fake-aws": {
            operator: { poll: { factor: 1.25 } },
            settings: { tags: { prefix: "a" } },
            discover: { types: ["FakeAWS::S3"], query: { team: "web" } },
          },
        },
      })
    }),
  )

  it.effect("go before the file, value by value", () =>
    Effect.gen(function* () {
      const file = Result.getOrThrow(
        readConfigurationText("operator: { retry: { maxRetries: 3, baseMillis: 7 } }", "f"),
      )
      const variables = yield* readVariables({ FORMAE_OPERATOR_RETRY_MAX_RETRIES: "4" }, ":")
      const { operator } = yield* configurationOf([...file, ...variables])
      assert.deepEqual(operator, { retry: { maxRetries: 4, baseMillis: 7 } })
    }),
  )

  it.effect("are not read where they are empty, belong to a launch, or mean something else", () =>
    Effect.gen(function* () {
      const other = {
        FORMAE_STATE: "",
        FORMAE_TRUST: "/a",
        FORMAE_PARAMETER_STATE: "x",
        FORMAE_PLUGIN_NODE: "aws-plugin@localhost",
        FORMAE_AGENT_NODE: "agent@localhost",
        FORMAE_AGENT_LOG: "/a/agent.log",
        FORMAE_AGENT: "https://agent.example",
        FORMAE_AGENT_TOKEN: "x",
        FORMAE_AGENT_TOKEN_FILE: "/a/token",
        FORMAE_AGENT_CA: "/a/ca.pem",
        FORMAE_NETWORK_COOKIE: "x",
        FORMAE_LAUNCH: "x",
        FORMAE_SOMETHING: "x",
      }
      assert.deepEqual(yield* read(other), {})
    }),
  )

  it.effect("are refused by their names, all at once and without a value", () =>
    Effect.gen(function* () {
      const issues = yield* Effect.flip(
        readVariables(
          {
            FORMAE_OPERATOR_RETRY_MAX_RETRYS: "canary",
            FORMAE_OPERATOR_RETRY_BASE_MILLIS: "canary",
            FORMAE_PLUGIN_AWS_SETTINGS: '["canary"]',
            FORMAE_PLUGIN_AWS_NOTHING_OF_THE_KIND: "canary",
          },
          ":",
        ),
      )
      assert.deepEqual(
        issues.map(({ message, variable }) => `${variable} ${message}`),
        [
          "FORMAE_OPERATOR_RETRY_MAX_RETRYS sets nothing; did you mean FORMAE_OPERATOR_RETRY_MAX_RETRIES?",
          "FORMAE_OPERATOR_RETRY_BASE_MILLIS Expected a string representing a finite number",
          "FORMAE_PLUGIN_AWS_SETTINGS Expected object",
          "FORMAE_PLUGIN_AWS_NOTHING_OF_THE_KIND sets nothing that there is",
        ],
      )
    }),
  )
})
