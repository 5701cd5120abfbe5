import { assert, describe, it } from "@effect/vitest"
import { formatDuration } from "../../src/cli/formatDuration.ts"

describe("formatDuration", () => {
  it.each([
    [999, "999 ms"],
    [1_000, "1 s"],
    [1_500, "1.5 s"],
    [10_000, "10 s"],
    [60_000, "1 min"],
    [90_000, "1.5 min"],
  ])("says %d ms as %s", (millis, words) => {
    assert.strictEqual(formatDuration(millis), words)
  })
})
