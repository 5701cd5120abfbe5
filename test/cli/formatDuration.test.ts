import { assert, describe, it } from "@effect/vitest"
import { formatDuration, formatElapsed } from "../../src/cli/formatDuration.ts"

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

describe("formatElapsed", () => {
  it.each([
    [-5, "0 s"],
    [999, "0 s"],
    [59_999, "59 s"],
    [125_000, "2 min 5 s"],
    [3_780_000, "1 h 3 min"],
  ])("says %d ms as %s", (millis, words) => {
    assert.strictEqual(formatElapsed(millis), words)
  })
})
