import { assert, describe, it } from "@effect/vitest"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { withoutOutput } from "../../../src/agent/events/withoutOutput.ts"
import { PluginStartFailed } from "../../../src/agent/launch/PluginStartFailed.ts"
import type { ResourceResult } from "../../../src/agent/apply/ResourceResult.ts"
import { PluginEvent } from "../../../src/agent/supervision/PluginEvent.ts"

const canary = "canary-51c0"

describe("P11: what a plugin prints", () => {
  it("is not in the event of a line that is not a frame", () => {
    const event = PluginEvent.cases.Junk.make({ plugin: "notes", generation: 1, characters: 11, line: canary })
    assert.deepEqual(withoutOutput({ event: { _tag: "Plugin", event }, request: "key-1" }), {
      event: { _tag: "Plugin", event: { _tag: "Junk", plugin: "notes", generation: 1, characters: 11 } },
      request: "key-1",
    })
  })

  it("is not in the event of a change whose plugin did not start, and why it did not is", () => {
    const failed = new PluginStartFailed({
      plugin: "notes",
      generation: 1,
      entry: "main.mjs",
      cause: { _tag: "Exited", code: 7 },
      output: [canary, `${canary}. It printed:`],
    })
    const result = { error: { code: "PluginStartFailed", message: failed.message } } as unknown as ResourceResult
    const event = { _tag: "Finished", commandId: "c-1", forma: "notes", result } as unknown as ChangeEvent
    const text = JSON.stringify(withoutOutput({ event: { _tag: "Change", event } }))
    assert.notInclude(text, canary)
    assert.include(text, "The plugin notes did not start (main.mjs): it exited with code 7")
  })

  it("leaves every other event as it is", () => {
    const event = PluginEvent.cases.Launched.make({ plugin: "notes", generation: 1 })
    assert.deepEqual(withoutOutput({ event: { _tag: "Plugin", event } }), { event: { _tag: "Plugin", event } })
  })
})
