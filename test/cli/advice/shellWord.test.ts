import { assert, describe, it } from "@effect/vitest"
import { shellWord } from "../../../src/cli/advice/shellWord.ts"

describe("a word of a suggested command", () => {
  it.each([
    ["shop/state.db", "shop/state.db"],
    ["my state.db", "'my state.db'"],
    ["it's", "'it'\\''s'"],
    ["$HOME", "'$HOME'"],
    ["a;b", "'a;b'"],
    ["two\nlines", "'two\nlines'"],
    ["", "''"],
  ])("%s is %s", (text, word) => {
    assert.strictEqual(shellWord(text, "linux"), word)
  })

  it.each([
    [String.raw`C:\formae\state.db`, String.raw`C:\formae\state.db`],
    [String.raw`C:\my formae\state.db`, String.raw`"C:\my formae\state.db"`],
    // Before a quote a backslash would make it part of the word.
    ["C:\\my formae\\", String.raw`"C:\my formae\\"`],
    ["it's", `"it's"`],
    [`an "A"`, `"an ""A"""`],
    ["%PATH%", `"%PATH%"`],
    ["cloud@1.0.0", `"cloud@1.0.0"`],
    ["", `""`],
  ])("%s is %s on Windows", (text, word) => {
    assert.strictEqual(shellWord(text, "win32"), word)
  })
})
