import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { parseDocument, stringify } from "yaml"
import { readText } from "../../../src/agent/forma/LocatedText.ts"
import { parseYamlInParts } from "../../../src/agent/forma/parseYamlInParts.ts"

/** JSON has no -0. */
const plain = (value: unknown): string => JSON.stringify(value)
const wholeOf = (text: string) => plain(parseDocument(text, { merge: true }).toJS())

/** One after the other, so that every place in a list is once the end of a part. */
const sizes = [1, 2, 3]

const assertSame = (text: string) => {
  for (const size of sizes) {
    const read = parseYamlInParts(text, size)
    assert.isDefined(read, text)
    assert.strictEqual(plain(read?.value), wholeOf(text), text)
  }
}

const resource = (label: string) => `- label: ${label}\n  properties: { Name: ${label}, Tags: [a, "b"] }\n`

describe("a YAML text whose lists are read in parts", () => {
  it.effect.prop(
    "has the values that are written",
    [Schema.Record(Schema.String, Schema.Array(Schema.Json)), Schema.Literals([2, 4])],
    ([value, indent]) =>
      Effect.sync(() => {
        const text = stringify(value, { aliasDuplicateObjects: false, indent, indentSeq: indent === 4 })
        for (const size of sizes) {
          // What cannot be read so is read as a whole.
          const read = parseYamlInParts(text, size)
          if (read !== undefined) assert.strictEqual(plain(read.value), wholeOf(text), text)
        }
      }),
    { arbitrary: { runs: 40 } },
  )

  it("has the value that YAML gives it", () => {
    const many = ["a", "b", "c", "d", "e", "f"].map(resource).join("")
    for (const text of [
      `resources:\n${many}`,
      `name: x\ntargets: { t: { namespace: A } }\nresources:\n${many}moved:\n- 1\n- 2\n- 3\n- 4\n- 5\noutputs: {}\n`,
      `resources:\n${many.replaceAll(/^/gm, "    ")}`,
      `# first\n\nresources: # beside\n\n# above\n${many.replaceAll("- label", "\n# before\n- label")}  # inside\n# after\nname: x\n`,
      `a:\n-\n- ~\n-\n  - 1\n  - 2\n  - 3\n  - 4\n- - 5\n- |\n  text\n  - not an item\n- >-\n  folded\n\n  too\n- "two\n  lines"\n- 'it''s'\n- plain\n  goes on\n- { a: 1,\n    b: 2 }\n- ? b\n  : c\n`,
      `? resources\n: - 1\n  - 2\n  - 3\n  - 4\n  - 5\n`,
      `"__proto__":\n- 1\n- 2\n- 3\n- 4\n- 5\n`,
      `a: &list\n- &one 1\n- 2\n- 3\n- 4\n- 5\n`,
      `a:\n- "*"\n- '*x'\n- |-\n  * bullet\n- 4\n- 5\n`,
      `a:\n- << : { b: 1 }\n  c: 2\n- <<: [{ d: 3 }]\n- 3\n- 4\n- 5\n`,
      `a: []\nb: 1\n`,
    ])
      assertSame(text)
  })

  it("has the value of its aliases, for which it is read as a whole", () => {
    const list = `- 2\n- 3\n- 4\n- 5\n- 6\n`
    for (const [text, value] of [
      [`a:\n- &one 1\n${list}- *one\n`, { a: [1, 2, 3, 4, 5, 6, 1] }],
      [`a: &all\n${list}b: *all\n`, { a: [2, 3, 4, 5, 6], b: [2, 3, 4, 5, 6] }],
      [`<<:\n- { a: 1 }\n- { b: 2 }\n- { c: 3 }\n- { d: 4 }\n- { e: 5 }\n`, { e: 5, d: 4, c: 3, b: 2, a: 1 }],
    ] as const) {
      assert.isUndefined(parseYamlInParts(text, 1), text)
      assert.deepEqual<unknown>(Result.getOrThrow(readText(text)).value, value)
    }
    assertSame(`b: &x { c: 1 }\nd: *x\na:\n${list}`)
  })

  it("is left to another reader where it has a mistake, wherever that is", () => {
    const list = `- 1\n- 2\n- 3\n- 4\n- 5\n`
    for (const text of [
      `a:\n- { b: 1, b: 2 }\n${list}`,
      `a:\n${list}- { b: 1, b: 2 }\n${list}`,
      `a:\n${list}- !Ref x\n${list}`,
      `a:\n${list}- ? { b: 1 }\n  : 1\n${list}`,
      `a:\n${list}- *nothing\n`,
      `a:\n${list}- "open\n`,
      `a:\n${list}b: 1\na: 2\n`,
      `a:\n${list}---\nb:\n${list}`,
      `%YAML 1.1\n---\na:\n${list}- yes\n`,
      `a: !!set\n${list}`,
      `- 1\n${list}x`,
      `a:\n${list}- ${"[".repeat(201)}${"]".repeat(201)}\n${list}`,
    ]) {
      assert.isUndefined(parseYamlInParts(text, 1), text)
    }
  })

  it("may be nested as deep in a list as elsewhere", () => {
    const deep = (depth: number) => `a:\n- 1\n- ${"[".repeat(depth)}${"]".repeat(depth)}\n${"- 1\n".repeat(6)}`
    assertSame(deep(198))
    for (const size of [1, 100]) assert.isUndefined(parseYamlInParts(deep(200), size))
  })
})
