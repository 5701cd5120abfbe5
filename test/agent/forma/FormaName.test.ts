import { assert, describe, it } from "@effect/vitest"
import { earlierNameOf, nameKey, nameOfFile, objectionToName } from "../../../src/agent/forma/FormaName.ts"

describe("the name of a document", () => {
  it.each([
    "net",
    "a.b",
    "a-b",
    "販売",
    "2026",
    "my shop",
    "team/net",
    "_",
    "name:",
    "it's",
    "💥",
    "نام",
    "-x",
    "x".repeat(200),
  ])("may be %s, and is the one that its file has", (name) => {
    assert.isUndefined(objectionToName(name))
    assert.strictEqual(nameOfFile(name), name)
  })

  it.each<readonly [name: string, objection: string]>([
    ["", "is empty"],
    ["  ", "is empty"],
    [" net", "begins or ends with a space"],
    ["net\u00a0", "begins or ends with a space"],
    ["x".repeat(201), "has more than 200 characters"],
    ...["a\nb", "a\u0000b", "a\u001b[31mb", "a\u0085b", "a\u2028b", "a\u202eb", "a\u2066b", "a\ufeffb", "a\ud800b"].map(
      (name) => [name, "has a character that cannot be seen, such as a line break"] as const,
    ),
  ])("cannot be %j, which %s", (name, objection) => {
    assert.strictEqual(objectionToName(name), objection)
  })

  it("is the same for two ways of writing an accent", () => {
    assert.strictEqual(nameOfFile("caf\u0065\u0301"), nameOfFile("caf\u00e9"))
  })

  it.each([
    ["Net", "net"],
    ["NET", "nEt"],
    ["ÉTÉ", "été"],
    ["caf\u00e9", "cafe\u0301"],
    ["CAFE\u0301", "caf\u00e9"],
    ["straße", "STRASSE"],
    ["ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς"],
    ["\ufb01n", "FIN"],
    ["\u212a", "k"],
    ["\u1fb3", "\u03b1\u0345"],
    ["ДОМ", "дом"],
  ])("has the same key as one that differs only in capitals or in how accents are written: %s, %s", (one, other) => {
    assert.notStrictEqual(one, other)
    assert.strictEqual(nameKey(one), nameKey(other))
  })

  it.each([
    ["net", "nets"],
    ["net", "nét"],
    ["a-b", "a.b"],
    ["a b", "ab"],
    ["人事", "販売"],
    ["1", "l"],
  ])("has another key than a different one: %s, %s", (one, other) => {
    assert.notStrictEqual(nameKey(one), nameKey(other))
  })

  it("has the same key as what Unicode and its case mappings take for the same letters", () => {
    const letters = Array.from({ length: 0x1_ff_ff }, (_, code) => code)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code))
      .filter((letter) => /\p{Changes_When_Casemapped}|\p{Changes_When_Casefolded}/u.test(letter))
    assert.isAbove(letters.length, 2_500)
    const all = letters.join("")
    for (const letter of letters) {
      // The expressions of JavaScript have the tables of simple case folding.
      const folded = all.match(new RegExp(letter, "giu")) ?? []
      for (const other of [...folded, letter.toUpperCase(), letter.toLowerCase(), letter.normalize("NFD")]) {
        assert.strictEqual(nameKey(other), nameKey(letter), `${other} ${letter}`)
      }
    }
  })

  it.each([
    ["a.b", "a-b"],
    ["a-b", "a-b"],
    ["販売", "_--"],
    ["人事", "_--"],
    ["2026", "_2026"],
    ["63", "_63"],
    ["plain_name", "plain_name"],
    ["my shop", "my-shop"],
  ])("was changed by 0.1.0 from %s to %s", (base, name) => {
    assert.strictEqual(earlierNameOf(base), name)
  })
})
