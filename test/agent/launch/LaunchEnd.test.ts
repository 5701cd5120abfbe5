import { assert, describe, it } from "@effect/vitest"
import { describeEnd } from "../../../src/agent/launch/Launch.ts"

const exited = { _tag: "Exited", code: 1 } as const

describe("the end of a launch in words", () => {
  it.each<[string, ReadonlyArray<string>, string]>([
    ["without a word", [], "exited with code 1"],
    ["with its last line", ["loading", "no license was found"], "no license was found"],
    [
      "with the error, and not with what Node prints behind it",
      [
        "file:///main.js:3",
        "  throw new Error()",
        "  ^",
        "Error: the cache has rusted",
        "    at f (main.js:3:9)",
        "Node.js v24.21.0",
      ],
      "Error: the cache has rusted",
    ],
    [
      "with V8's own words, and not with its addresses",
      [
        "FATAL ERROR: Reached heap limit Allocation failed",
        "----- Native stack trace -----",
        " 1: 0x7596 node::OOMErrorHandler",
      ],
      "FATAL ERROR: Reached heap limit Allocation failed",
    ],
    [
      "without frames, where nothing else was said",
      ["    at f (main.js:3:9)", "}", "Node.js v24.21.0"],
      "exited with code 1",
    ],
  ])("%s", (_, output, last) => {
    const words = describeEnd({ outcome: exited, operations: [], unanswered: [], output })
    assert.strictEqual(words, last === "exited with code 1" ? last : `exited with code 1; its last line was: ${last}`)
  })
})
