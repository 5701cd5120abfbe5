/** How the values of a plan are shown, and how much of them. */
import { assert, describe, it } from "@effect/vitest"
import type { PropertyChange } from "../../../src/agent/index.ts"
import { linesToWrite } from "../../../src/cli/Outputs.ts"
import { diffLines } from "../../../src/cli/plan/lineDiff.ts"
import { propertyLines } from "../../../src/cli/plan/propertyLines.ts"
import { valueText } from "../../../src/cli/plan/valueText.ts"
import { widthOf } from "../../../src/cli/textWidth.ts"

const shown = (change: PropertyChange, width?: number) => linesToWrite(propertyLines(change, width), false)

describe("a value on one line", () => {
  it("is JSON, with what is known later in words", () => {
    const value = { Net: { $ref: "net.Id" }, List: [1, "a, [b", {}], Text: { $text: "arn:${net.Id}" }, No: [] }
    assert.strictEqual(
      valueText(value, true),
      '{"Net": (known after apply: net.Id), "List": [1, "a, [b", {}], "Text": (known after apply: arn:${net.Id}), "No": []}',
    )
    // No text of a document passes for what is known later.
    const ref = { $ref: "net.Id" }
    for (const text of ["\u0000known\u0000", "~0", "~~0", "known after apply"]) {
      assert.strictEqual(
        valueText({ [text]: text, Net: ref }, true),
        `{${JSON.stringify(text)}: ${JSON.stringify(text)}, "Net": (known after apply: net.Id)}`,
      )
    }
    // Without the mark, it is a value that happens to look like that.
    assert.strictEqual(valueText({ $ref: "net.Id" }, false), '{"$ref": "net.Id"}')
  })
})

describe("the lines of a property", () => {
  it("say of a name that will be made anew what it is now", () => {
    assert.deepEqual(shown({ path: "/Name", before: "shop-x1", knownLater: true }), [
      '     ~ Name: "shop-x1" → (known after apply)',
    ])
    assert.deepEqual(shown({ path: "/Name", knownLater: true }), ["     + Name: (known after apply)"])
    const [cut = ""] = shown({ path: "/Name", before: "x".repeat(200), knownLater: true }, 60)
    assert.isAtMost(cut.length, 60)
  })

  it("fit the terminal, and values from elsewhere cannot steer it or pass for a line of the command", () => {
    const hostile = "\u001b[2J\n3 to create\r\nLABEL \u202e"
    for (const change of [
      { path: "/A\n3 to create", after: hostile },
      { path: "/A", before: hostile, after: `${hostile}x` },
      { path: "/A", before: "x".repeat(4_000_000), after: "x".repeat(3_999_999) },
      { path: "/A", after: Array.from({ length: 10_000 }, (_, index) => index) },
      { path: "/A", after: "漢字".repeat(100) },
      { path: "/A", before: "語".repeat(100) },
    ] satisfies ReadonlyArray<PropertyChange>) {
      const lines = shown(change, 60)
      assert.isAtMost(lines.length, 45)
      for (const line of lines) {
        assert.isAtMost(widthOf(line), 60)
        assert.match(line, /^ {5}/)
        assert.notMatch(line, /[\p{Cc}\p{Cf}]/u)
      }
    }
  })

  it("say that a name is made", () => {
    assert.deepEqual(shown({ path: "/Name", knownLater: true }, 60), ["     + Name: (known after apply)"])
  })

  it("show where long values differ", () => {
    const lines = shown({ path: "/A", before: `${"x".repeat(500)}1`, after: `${"x".repeat(500)}2` }, 60)
    assert.deepEqual(lines, ["     ~ A:", "         - …xxxxxxxxxxxx1", "         + …xxxxxxxxxxxx2"])
  })

  it("show neither value of a secret, however long", () => {
    assert.deepEqual(shown({ path: "/A", before: { secret: true }, after: { secret: true }, secret: true }, 60), [
      "     ~ A: (secret) → (secret)",
    ])
    const former = { path: "/A", before: { secret: true }, secretBefore: true } as const
    assert.deepEqual(shown({ ...former, after: "x" }, 60), ['     ~ A: (secret) → "x"'])
    assert.deepEqual(shown({ ...former, after: "x\ny" }, 60), [
      "     ~ A:",
      "         - (secret)",
      "         + x",
      "         + y",
    ])
  })

  it("show a document in a text by its lines, whatever the order of its keys", () => {
    const before = JSON.stringify({ B: 1, A: { C: [1, 2, 3] } })
    assert.deepEqual(shown({ path: "/P", before, after: { A: { C: [1, 2, 4] }, B: 1 } }, 60), [
      "     ~ P:",
      "         … 3 unchanged lines",
      "                 1,",
      "                 2,",
      "         -       3",
      "         +       4",
      "               ]",
      "             },",
      "         … 2 unchanged lines",
    ])
  })
})

describe("a difference of texts", () => {
  it("is the whole before and the whole after where too much differs, and is cut", () => {
    const lines = (name: string) => Array.from({ length: 50_000 }, (_, index) => `${name} ${index}`)
    const found = diffLines(lines("a"), lines("b"))
    assert.lengthOf(found, 42)
    assert.deepEqual(found[20], { sign: "…", text: "49980 more lines" })
    assert.deepEqual(found[21], { sign: "+", text: "b 0" })
  })
})
