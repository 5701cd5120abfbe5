import { assert, describe, it } from "@effect/vitest"
import { linearPattern } from "../../../../src/agent/forma/schema/linearPattern.ts"
import { patternProblem } from "../../../../src/agent/forma/schema/re2Pattern.ts"

const texts = [
  "",
  "a",
  "b",
  "A",
  "ab",
  "abc123",
  "a b",
  "a\u00a0b",
  "\u2028",
  "\n",
  "a\n",
  "\r",
  "\v",
  "\b",
  "\0",
  "[",
  "]",
  "a-b",
  "^",
  ".",
  "/",
  "é",
  "ß",
  "λ",
  "١",
  "\u{1F600}",
  "\ud83d",
  "\u0001",
  "k",
  "\u212a",
  "x{2}",
]

/** Each of them with all texts, by RE2 and by JavaScript: they have to agree. */
const same = [
  "^a",
  "a$",
  "^.$",
  "^.{1,2}$",
  String.raw`\s`,
  String.raw`^\S+$`,
  String.raw`[\s]`,
  String.raw`^[\S]$`,
  String.raw`^[^\s]$`,
  String.raw`^[^\S]$`,
  String.raw`^\d+$`,
  String.raw`\D`,
  String.raw`^\w+$`,
  String.raw`\W`,
  String.raw`\bb`,
  String.raw`a\B`,
  String.raw`[\b]`,
  String.raw`\0`,
  String.raw`[\0]`,
  String.raw`\x41`,
  String.raw`\u0041`,
  String.raw`\u{1F600}`,
  String.raw`^\ud83d\ude00$`,
  String.raw`\ud83d`,
  String.raw`\cA`,
  String.raw`\cj`,
  String.raw`^\p{L}+$`,
  String.raw`^\p{Letter}+$`,
  String.raw`^\P{Lu}$`,
  String.raw`\p{Script=Greek}`,
  String.raw`[\p{Nd}]`,
  String.raw`^\p{gc=Uppercase_Letter}$`,
  "[[]",
  "[[^]",
  "[[:alpha:]",
  String.raw`[\]]`,
  "[]",
  "^[^]$",
  "[^]",
  "a-b",
  String.raw`[a\-b]`,
  String.raw`\/`,
  String.raw`\.`,
  String.raw`\^`,
  "^(?<name>a)b",
  "(?<a>b)|(?<c>k)",
  "(?:a|b)c",
  "^(a+)+$",
  "^(?:a|a?)+$",
  String.raw`x\{2\}`,
  "^a{1,2}?b$",
  String.raw`^\u0041\ud83d\ude00?$`,
  String.raw`^[\u0041\ud83d\ude00]$`,
  String.raw`^[\ud83d\u0041]$`,
  String.raw`^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*$`,
  String.raw`\t|\n|\v|\f|\r`,
]

describe("a pattern", () => {
  it.each(same)("means the same as in JavaScript: %s", (pattern) => {
    const linear = linearPattern(pattern)
    const native = new RegExp(pattern, "u")
    for (const text of texts) assert.strictEqual(linear?.isIn(text), native.test(text), JSON.stringify(text))
  })

  it.each([
    "(?=a)",
    "(?!a)b",
    "(?<=a)b",
    "(?<!a)b",
    String.raw`(a)\1`,
    String.raw`(?<n>a)\k<n>`,
    "a{1,2000}",
    "((a{100}){100}){100}",
    String.raw`\p{scx=Greek}`,
    "(?i:A)b",
    "^(?s:.)$",
    "(?m:^b$)",
    "(?-i:a)",
    "(?s-m:a.b)",
  ])("that RE2 does not have is not run: %s", (pattern) => {
    assert.isUndefined(linearPattern(pattern))
    assert.isUndefined(patternProblem(pattern))
  })

  it.each([
    ["(", "Unterminated group"],
    ["a**", "Nothing to repeat"],
    [String.raw`a\-b`, "Invalid escape"],
    ["(?P<n>a)", "Invalid group"],
    [String.raw`\A`, "Invalid escape"],
    ["]", "Lone quantifier brackets"],
  ])("that does not compile is told: %s", (pattern, why) => {
    assert.isUndefined(linearPattern(pattern))
    assert.strictEqual(patternProblem(pattern), `it is not a regular expression with the flag u: ${why}`)
  })
})
