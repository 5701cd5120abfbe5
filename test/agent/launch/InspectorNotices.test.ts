import { assert, describe, it } from "@effect/vitest"
import { isInspectorNotice } from "../../../src/agent/launch/InspectorNotices.ts"

describe("what Node says of its inspector", () => {
  it.each([
    "Debugger listening on ws://127.0.0.1:9229/f5a7fd23-5c42-498d-a546-17408bc56573",
    "For help, see: https://nodejs.org/en/docs/inspector",
    "For help, see: https://nodejs.org/learn/getting-started/debugging",
    "Debugger attached.",
    "Waiting for the debugger to disconnect...",
  ])("is not a line of the plugin: %s", (line) => {
    assert.isTrue(isInspectorNotice(line))
  })

  it.each(["For help, see: https://example.com/plugin", "For help, see: https://nodejs.org/ and the manual"])(
    "is not said by: %s",
    (line) => {
      assert.isFalse(isInspectorNotice(line))
    },
  )
})
