import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { readConfigurationText } from "../../../src/agent/configuration/readConfigurationText.ts"
import { configurationOf, describeOrigin } from "../../../src/agent/configuration/Setting.ts"
import { formatPlaced } from "../../../src/agent/index.ts"

const settingsOf = (text: string) => Result.getOrThrow(readConfigurationText(text, "formae.config.yaml"))

const mistakesIn = (text: string): ReadonlyArray<string> =>
  Result.match(readConfigurationText(text, "c.yaml"), {
    onSuccess: () => [],
    onFailure: (issues) => issues.map((issue) => formatPlaced(issue, "c.yaml")),
  })

describe("the text of a configuration file", () => {
  it.effect("is a configuration, and says where each value is", () =>
    Effect.gen(function* () {
      const text = [
        "state: s.db",
        "operator: { retry: { maxRetries: 3 }, logLevel: Debug }",
        "plugin:",
        "  aws:",
        '    version: "^1.2"',
        "    supervision: { restart: { intensity: { restarts: 2 } } }",
        "    settings: { tags: { prefix: a } }",
        "  __proto__: { operator: { callTimeoutMillis: 5 } }",
      ].join("\n")
      const settings = settingsOf(text)
      assert.deepEqual(
        settings.map(({ origin, path, value }) => [path.join("."), value, describeOrigin(origin)]),
        [
          ["state", "s.db", "formae.config.yaml:1:1"],
          ["operator.retry.maxRetries", 3, "formae.config.yaml:2:22"],
          ["operator.logLevel", "Debug", "formae.config.yaml:2:39"],
          ["plugin.aws.version", "^1.2", "formae.config.yaml:5:5"],
          ["plugin.aws.supervision.restart.intensity.restarts", 2, "formae.config.yaml:6:44"],
          ["plugin.aws.settings", { tags: { prefix: "a" } }, "formae.config.yaml:7:5"],
          ["plugin.__proto__.operator.callTimeoutMillis", 5, "formae.config.yaml:8:28"],
        ],
      )
      const made = yield* configurationOf(settings)
      assert.deepEqual(made.operator, { retry: { maxRetries: 3 }, logLevel: "Debug" })
      assert.deepEqual(Object.keys(made.plugin ?? {}), ["aws", "__proto__"])
    }),
  )

  it("may be empty, and then sets nothing", () => {
    assert.deepEqual(settingsOf(""), [])
    assert.deepEqual(settingsOf("# nothing\n"), [])
  })

  it.each([
    [
      "plugin: { a: { discover: { typs: [] } } }",
      "c.yaml:1:28 plugin.a.discover.typs: there is no such field; did you mean types?",
    ],
    [
      "plugin: { a: { discover: { types: [] } } }",
      "c.yaml:1:28 plugin.a.discover.types: the list has too few items; add one, or leave the list out",
    ],
    [
      "plugin: { a: { discover: { types: [A.B] } } }",
      "c.yaml:1:36 plugin.a.discover.types[0]: Expected a resource type such as AWS::EC2::VPC, or how types begin, such as AWS::EC2",
    ],
    [
      "plugin: { a: { discover: { filters: [{}] } } }",
      "c.yaml:1:38 plugin.a.discover.filters[0]: Expected at least one name of a tag or a property with its value, such as { team: web }",
    ],
    [
      "plugin: { a: { discover: { query: { team: 5 } } } }",
      "c.yaml:1:37 plugin.a.discover.query.team: Expected string; this is a number, so put it in quotes",
    ],
    ["stat: x", "c.yaml:1:1 stat: there is no such field; did you mean state?"],
    [
      "operator:\n  retry: { maxRetires: 3 }",
      "c.yaml:2:12 operator.retry.maxRetires: there is no such field; did you mean maxRetries?",
    ],
    [
      "plugin:\n  aws:\n    setings: {}",
      "c.yaml:3:5 plugin.aws.setings: there is no such field; did you mean settings?",
    ],
    [
      "supervision: { stop: { zzzzzz: 1 } }",
      "c.yaml:1:24 supervision.stop.zzzzzz: there is no such field; the fields are: drainMillis, inputEndedMillis, terminateMillis",
    ],
    [
      "plugin: { aws: { version: latest } }",
      "c.yaml:1:18 plugin.aws.version: Expected a range of versions such as ^1.2.0",
    ],
    [
      "state: [",
      "c.yaml:1:9 Flow sequence in block collection must be sufficiently indented and end with a ]; indent it further than the line that it belongs to, or close what is open before it",
    ],
  ])("%s is refused with its place and what was probably meant", (text, says) => {
    assert.deepEqual(mistakesIn(text), [says])
  })

  it("is refused with all mistakes at once, and without a value", () => {
    const mistakes = mistakesIn("state: 5\noperator: { callTimeoutMillis: canary }")
    assert.lengthOf(mistakes, 2)
    assert.notInclude(mistakes.join(), "canary")
  })
})
