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
    assert.strictEqual(shellWord(text), word)
  })
})
