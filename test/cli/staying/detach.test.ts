import { assert, describe, it } from "@effect/vitest"
import { logLevelIn } from "../../../src/cli/staying/detach.ts"

describe("an agent in the background", () => {
  it.each<[ReadonlyArray<string>, ReadonlyArray<string>]>([
    [["agent", "--detach"], []],
    [
      ["agent", "--detach", "--log-level", "debug"],
      ["--log-level", "debug"],
    ],
    [
      ["--log-level", "debug", "agent", "--detach"],
      ["--log-level", "debug"],
    ],
    [["agent", "--log-level=debug", "--detach"], ["--log-level=debug"]],
  ])("has the level of its log from %s", (typed, expected) => {
    assert.deepEqual(logLevelIn(typed), expected)
  })
})
