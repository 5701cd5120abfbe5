import { assert, describe, it } from "@effect/vitest"
import { earlierNameOf, nameOfFile, objectionToName } from "../../../src/agent/forma/FormaName.ts"

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
