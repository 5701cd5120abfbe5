import { assert, describe, it } from "@effect/vitest"
import { wantsColor } from "../../src/cli/colors.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"

const none = { NO_COLOR: "", FORCE_COLOR: "", TERM: "" }

describe("colors", () => {
  it.each([
    ["a terminal", true, none, true],
    ["a pipe", false, none, false],
    ["a terminal with NO_COLOR", true, { ...none, NO_COLOR: "1" }, false],
    ["a pipe with FORCE_COLOR", false, { ...none, FORCE_COLOR: "1" }, true],
    ["a terminal with FORCE_COLOR=0", true, { ...none, FORCE_COLOR: "0" }, false],
    ["both variables", true, { ...none, NO_COLOR: "1", FORCE_COLOR: "1" }, false],
    ["a terminal that can only print lines", true, { ...none, FORCE_COLOR: "1", TERM: "dumb" }, false],
  ] as const)("of %s", (_, isTerminal, variables, expected) => {
    assert.strictEqual(wantsColor(isTerminal, variables), expected)
  })

  it("are added to what was made visible before", () => {
    assert.deepEqual(linesToWrite([[{ text: "\u001b[0m\n", style: "failed" }, { text: "b" }]], true), [
      "\u001b[31m\\u001b[0m\\n\u001b[39mb",
    ])
  })
})
