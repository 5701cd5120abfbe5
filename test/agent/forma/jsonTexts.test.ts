import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { parseDocument } from "yaml"
import { readText } from "../../../src/agent/forma/LocatedText.ts"
import { parseJsonObject } from "../../../src/agent/forma/parseJsonObject.ts"

const valueOf = (text: string) => Result.getOrThrow(readText(text)).value
const mistakeIn = (text: string) => {
  const { message, position } = Result.getOrThrow(Result.flip(readText(text)))
  return `${position.line}:${position.column} ${message}`
}

describe("a JSON text", () => {
  it.effect.prop("has the value that is written", [Schema.Record(Schema.String, Schema.Json)], ([value]) =>
    Effect.sync(() => {
      for (const indentation of [0, 2, "\t"]) {
        assert.deepEqual<unknown>(valueOf(JSON.stringify(value, null, indentation)), JSON.parse(JSON.stringify(value)))
      }
    }),
  )

  it("has the value that YAML gives it", () => {
    for (const text of [
      `{}`,
      ` { "a" : [ 1, -0, 1e3, 1.50, 12345678901234567890, true, null, "" ] } `,
      `{"__proto__":{"a":1},"constructor":2,"1":3,"0":4}`,
      `{"a":"\\ud83d\\ude00 \\" \\\\ : { [ \\/ \\n","b:c":{"d":"e\\"f:"}}`,
      `{"a\\u0062":1,"\\"":{"c":[[],{}]}}`,
    ]) {
      assert.deepEqual(JSON.stringify(valueOf(text)), JSON.stringify(parseDocument(text).toJS()), text)
    }
  })

  it("is read without the syntax tree of YAML, which refuses so long a key", () => {
    const key = "k".repeat(2_000)
    assert.deepEqual(valueOf(JSON.stringify({ [key]: 1 })), { [key]: 1 })
  })

  it("with a key twice is refused, as the last one would silently win", () => {
    assert.strictEqual(
      mistakeIn(`{\n  "a": 1,\n  "b": { "c": 1, "c": 2 }\n}`),
      "3:18 Map keys must be unique; take one of the two out",
    )
  })

  it("that is wrong is refused at its place", () => {
    assert.match(mistakeIn(`{\n  "a": 1\n  "b": 2\n}`), /^\d:\d /)
    assert.match(mistakeIn(`{ "a": 1`), /^1:\d/)
  })

  it("has a position for each part, and where a part should be", () => {
    const { locate } = Result.getOrThrow(readText(`{\n  "a": [\n    1,\n    { "b": 2 }\n  ]\n}`))
    assert.deepEqual(locate(["a", 1, "b"]), { line: 4, column: 7 })
    assert.deepEqual(locate(["a", 0]), { line: 3, column: 5 })
    assert.deepEqual(locate(["c"]), { line: 1, column: 1 })
  })

  it("is left to YAML where `JSON.parse` would not give what is written, or might not", () => {
    for (const text of [
      `{"a":1,"a":2}`,
      `{"a\\u0062":1}`,
      `{"a":1,}`,
      `[1]`,
      `{"a":${"[".repeat(9)}${"]".repeat(9)}}`,
    ]) {
      assert.isUndefined(parseJsonObject(text, 9), text)
    }
    assert.deepEqual(parseJsonObject(`{"a":"b\\u0062:"}`, 9), { a: "bb:" })
  })
})
