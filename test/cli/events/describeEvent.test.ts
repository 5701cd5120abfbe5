import { assert, describe, it } from "@effect/vitest"
import type { LoggedEvent } from "../../../src/agent/events/LoggedEvent.ts"
import { makeDescribeEvent } from "../../../src/cli/events/describeEvent.ts"
import { loggedToApi } from "../../../src/control/mapping/loggedEvents.ts"
import { defaultOperatorSettings } from "../../../src/protocol/index.ts"

const describeApi = makeDescribeEvent(defaultOperatorSettings.retry)
const at = Date.UTC(2026, 1, 3, 4, 5, 6)

/** The line of an event of the log, without its time. */
const lineOf = (event: LoggedEvent, commandId: string | null = null) =>
  describeApi(loggedToApi({ number: 7, at, commandId, request: null, event }))?.replace("2026-02-03T04:05:06.000Z ", "")

describe("the line of an event", () => {
  it("says the time, the number, the document and what has happened", () => {
    const began: LoggedEvent = { _tag: "Change", event: { _tag: "Began", commandId: "c-1", forma: "shop" } }
    assert.strictEqual(
      describeApi(loggedToApi({ number: 7, at, commandId: "c-1", request: null, event: began })),
      "2026-02-03T04:05:06.000Z 7 shop: the command c-1 has begun",
    )
    const ended = (ending: "failed" | "left"): LoggedEvent => ({
      _tag: "Ended",
      commandId: "c-1",
      forma: "shop",
      ending,
    })
    assert.strictEqual(lineOf(ended("failed"), "c-1"), "7 shop: the command c-1 has ended: failed")
    assert.strictEqual(lineOf(ended("left"), "c-1"), "7 shop: the command c-1 is left to the next agent")
  })

  it("says what a plugin, and what a setting, has become", () => {
    const crashed = {
      _tag: "Crashed",
      plugin: "aws",
      generation: 2,
      reason: "ended with exit code 1",
      operations: [],
    } as const
    assert.strictEqual(lineOf({ _tag: "Plugin", event: crashed }), "7 the plugin aws ended with exit code 1 (launch 2)")
    assert.strictEqual(
      lineOf({ _tag: "Configuration", what: "operator.retry.maxRetries", from: null, to: "3", by: "SIGHUP" }),
      "7 the configuration was changed (SIGHUP): operator.retry.maxRetries: not set -> 3",
    )
  })

  it("names the places of drift, and no values", () => {
    const drift = { _tag: "Drift", forma: "shop", label: "net", type: "A::B::C" } as const
    const line = (appeared: ReadonlyArray<string>, ended: ReadonlyArray<string>) =>
      lineOf({ ...drift, appeared, ended })
    assert.strictEqual(line(["/Tags/by", "/Size"], []), "7 shop: net has drifted at /Tags/by, /Size")
    assert.strictEqual(line([], ["/Size"]), "7 shop: net is as wanted again at /Size")
    assert.strictEqual(line([""], ["/Size"]), "7 shop: net is gone and is as wanted again at /Size")
  })

  it("shows a kind that a later agent has, with its facts, and damage as what it is", () => {
    const later = { schemaVersion: 1 as const, number: 8, at, kind: "Moved", forma: "shop", data: { to: "b" } }
    assert.strictEqual(describeApi(later), '2026-02-03T04:05:06.000Z 8 shop: Moved {"to":"b"}')
    assert.strictEqual(
      lineOf({ _tag: "Unreadable", reason: "its row in the state is damaged" }),
      "7 this event cannot be read: its row in the state is damaged",
    )
  })
})
