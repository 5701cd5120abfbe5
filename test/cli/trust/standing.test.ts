import { assert, describe, it } from "@effect/vitest"
import type { Remembered } from "../../../src/cli/trust/Remembered.ts"
import { standingOf, withTrusted } from "../../../src/cli/trust/standing.ts"

const plugin = (sums: Remembered["sums"], path = "/clone/.formae/plugins/it"): Remembered => ({
  kind: "plugin",
  path,
  sums,
})

describe("how a supply stands to what is remembered", () => {
  const before = plugin({ "main.mjs": "a", "lib/b.mjs": "b" })

  it.each([
    ["nothing is remembered", [], { _tag: "New" }],
    ["another place is", [plugin(before.sums, "/elsewhere")], { _tag: "New" }],
    ["another kind is", [{ ...before, kind: "state" as const }], { _tag: "New" }],
    ["it is, as it is", [plugin({}, "/elsewhere"), before], { _tag: "Trusted" }],
  ] as const)("if %s", (_, remembered, standing) => {
    assert.deepEqual(standingOf(remembered, before), standing)
  })

  it.each([
    [{ "main.mjs": "c", "lib/b.mjs": "b" }, ["main.mjs"]],
    [{ "main.mjs": "a" }, ["lib/b.mjs"]],
    [{ "main.mjs": "a", "lib/b.mjs": "b", "new.mjs": "n" }, ["new.mjs"]],
    [{ "main.mjs": "a", "lib/b.mjs": "b", toString: "x" }, ["toString"]],
    [{ "z.mjs": "a", "a.mjs": "b" }, ["a.mjs", "lib/b.mjs", "main.mjs", "z.mjs"]],
  ])("names what has changed: %j", (now, changed) => {
    assert.deepEqual(standingOf([before], plugin(now)), { _tag: "Changed", changed })
  })

  it("keeps what else was trusted, and puts the new in the place of the old", () => {
    const elsewhere = plugin({}, "/elsewhere")
    const now = plugin({ "main.mjs": "c" })
    assert.deepEqual(withTrusted([before, elsewhere], [now]), [elsewhere, now])
  })
})
