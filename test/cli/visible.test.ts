import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { visible, visibleLines } from "../../src/cli/visible.ts"

/** Texts that are mostly made of what must not be printed. */
const Hostile = Schema.Array(
  Schema.Union([
    Schema.String,
    Schema.Literals(["\u001b[2J", "\u009b2J", "\r", "\n", "\r\n", "\t", "\u202e", "\u2066", "\u2028", "\u0000"]),
    Schema.Literals([
      "\ud800",
      "\udc00",
      "\u{e0001}",
      "\u200d",
      "\ufeff",
      "\u007f",
      "net: create done",
      "é",
      "\u{1f600}",
    ]),
  ]),
)

const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

describe("text from elsewhere", () => {
  it.prop("has no unprintable character once it is visible, and stays on its line", [Hostile], ([parts]) => {
    assert.notMatch(visible(parts.join("")), unprintable)
  })

  it.prop("in several lines begins none of them, except the first", [Hostile], ([parts]) => {
    const [first = "", ...others] = visibleLines(parts.join(""))
    assert.notMatch(first, unprintable)
    for (const line of others) {
      assert.notMatch(line, unprintable)
      assert.isTrue(line.startsWith("  | "), line)
    }
  })

  it.prop("keeps its value in JSON", [Hostile], ([parts]) => {
    const text = parts.join("")
    assert.deepEqual(JSON.parse(visible(JSON.stringify({ [text]: text }))), { [text]: text })
  })

  it.prop("is visible already where it was made visible", [Hostile], ([parts]) => {
    const once = visible(parts.join(""))
    assert.strictEqual(visible(once), once)
  })

  it.each(["plain", "ünïcödé 日本語 😀", String.raw`C:\new`])("stays as it is where it is printable: %s", (text) => {
    assert.strictEqual(visible(text), text)
  })
})
