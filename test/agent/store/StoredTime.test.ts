import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { describeNote, Note } from "../../../src/agent/commands/Note.ts"
import { remainingMillis } from "../../../src/agent/store/StoredTime.ts"
import { PluginQuarantined } from "../../../src/agent/supervision/PluginUnavailable.ts"
import { formatTime } from "../../../src/protocol/formatTime.ts"

describe("a stored time", () => {
  it.each([
    ["nothing has passed", 50, 50, 1_000],
    ["a part has passed", 50, 350, 700],
    ["all has passed", 50, 1_050, 0],
    ["much more has passed", 50, 9_000_000, 0],
    ["the clock that wrote it was ahead", 9_000_000, 50, 1_000],
  ] as const)("says how much of a wait is left: %s", (_, since, now, left) => {
    assert.strictEqual(remainingMillis(1_000, since, now), left)
  })

  it.prop("never makes a wait longer than it is, or negative", [Schema.Finite, Schema.Finite], ([since, now]) => {
    const left = remainingMillis(1_000, since, now)
    assert.isTrue(left >= 0 && left <= 1_000, `${left}`)
  })

  it.prop("is always a text", [Schema.Finite], ([millis]) => {
    assert.isString(formatTime(millis))
  })

  it("is a text that says so if it is not a time", () => {
    assert.strictEqual(formatTime(0), "1970-01-01T00:00:00.000Z")
    assert.strictEqual(formatTime(9e15), "an unknown time")
    assert.strictEqual(formatTime(Number.NaN), "an unknown time")
  })

  const noTime = 9e15

  it("that is not a time can be in a note", () => {
    const note = Note.cases.Unfinished.make({
      commandId: "c-1",
      command: "apply",
      forma: "shop",
      startedAt: noTime,
      how: "cut off",
    })
    assert.include(describeNote(note), "started at an unknown time")
  })

  it("that is not a time can be that of a quarantine", () => {
    const quarantined = new PluginQuarantined({ plugin: "fake", restarts: 5, reason: "exited", at: noTime })
    assert.include(quarantined.message, "since an unknown time")
  })
})
