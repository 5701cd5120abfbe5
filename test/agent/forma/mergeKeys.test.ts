import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { readText } from "../../../src/agent/forma/LocatedText.ts"

const read = (text: string) => Result.getOrThrow(readText(text))
const mistakeIn = (text: string) => {
  const { message, position } = Result.getOrThrow(Result.flip(readText(text)))
  return `${position.line}:${position.column} ${message}`
}

describe("a key << in YAML", () => {
  it("merges a map, an alias or a list, what is its own and what comes first counting", () => {
    const text = `
base: &base { A: 1, B: { C: 2 } }
more: &more
  <<: *base
  A: 3
one: { B: own, <<: *base }
two: { <<: [*more, { A: 4, D: 5 }, *base] }
three:
  <<: { E: 6 }
`
    const { locate, value } = read(text)
    assert.deepEqual(value, {
      base: { A: 1, B: { C: 2 } },
      more: { A: 3, B: { C: 2 } },
      one: { B: "own", A: 1 },
      two: { A: 3, B: { C: 2 }, D: 5 },
      three: { E: 6 },
    })
    assert.deepEqual(
      [
        ["one", "A"],
        ["one", "B"],
        ["two", "A"],
        ["two", "B", "C"],
        ["two", "D"],
        ["three", "E"],
        ["three", "F"],
      ].map((path) => {
        const { column, line } = locate(path) ?? { line: 0, column: 0 }
        return `${line}:${column}`
      }),
      ["2:15", "6:8", "5:3", "2:26", "7:28", "9:9", "8:1"],
    )
  })

  it("is a key like any other in JSON and in quotes", () => {
    assert.deepEqual(read(`{"<<": {"a": 1}}`).value, { "<<": { a: 1 } })
    assert.deepEqual(read(`'<<': { a: 1 }\n`).value, { "<<": { a: 1 } })
  })

  it.each([
    ["<<: 1\n", "1:5 << takes a map, an alias of a map, or a list of these, such as <<: *base"],
    ["<<:\n", "1:4 << takes a map, an alias of a map, or a list of these, such as <<: *base"],
    ["a: &a [1]\nb:\n  <<: *a\n", "1:8 << takes a map, an alias of a map, or a list of these, such as <<: *base"],
    [
      "a: &a { x: 1 }\nb:\n  <<: [*a, text]\n",
      "3:12 << takes a map, an alias of a map, or a list of these, such as <<: *base",
    ],
    ["a: &a { x: 1 }\nb:\n  <<: *a\n  <<: *a\n", "4:3 << is here twice; write it once, with a list: <<: [*a, *b]"],
    ["a: &a\n  <<: *a\n", "2:7 the alias *a has no value: it is inside its own anchor; write the value itself"],
    [
      "b: { <<: *a }\na: &a {}\n",
      "1:10 the alias *a has no value: no anchor with this name comes before it; write &a before the value that it repeats",
    ],
    ["a: { x: 1, x: 2 }\n", "1:12 Map keys must be unique; take one of the two out"],
  ])("%j is refused at its place", (text, says) => {
    assert.strictEqual(mistakeIn(text), says)
  })

  it("is bounded, however what is merged multiplies or nests", () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
    const doubled = `a0: &a0 { x: 1 }\n${names(40)
      .map((at) => `a${at}: &a${at} { <<: [*a${at - 1}, *a${at - 1}] }\n`)
      .join("")}`
    assert.match(mistakeIn(doubled), /^\d+:\d+ the alias \*a\d+ is one too many: /)
    const chained = (count: number) =>
      `a0: &a0 { x: 1 }\n${names(count)
        .map((at) => `a${at}: &a${at} { <<: *a${at - 1} }\n`)
        .join("")}`
    assert.strictEqual(
      mistakeIn(chained(51)),
      "52:13 << merges a map that merges a map, and so on through more than 50 maps; merge fewer",
    )
    assert.deepEqual(read(chained(50)).locate(["a50", "x"]), { line: 1, column: 11 })
  })
})
