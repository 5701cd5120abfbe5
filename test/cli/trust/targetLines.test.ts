import { assert, describe, it } from "@effect/vitest"
import { targetLines } from "../../../src/cli/trust/targetLines.ts"

describe("the targets in a question", () => {
  it("are a line for each value, and show no secret", () => {
    const targets = {
      cloud: {
        namespace: "FakeAWS",
        config: { zones: ["a"], key: { $secret: "canary" }, at: { $param: "at" }, none: {} },
      },
    }
    assert.deepEqual(targetLines(targets), [
      'cloud.namespace: "FakeAWS"',
      'cloud.config.zones.0: "a"',
      "cloud.config.key: (secret)",
      'cloud.config.at: {"$param":"at"}',
      "cloud.config.none: {}",
    ])
    assert.deepEqual(targetLines({ $param: "targets" }), ['{"$param":"targets"}'])
    assert.deepEqual([targetLines({}), targetLines(undefined)], [[], []])
  })
})
