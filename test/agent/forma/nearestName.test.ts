import { assert, describe, it } from "@effect/vitest"
import { knownNames, nearestName } from "../../../src/agent/forma/nearestName.ts"

describe("what was probably meant", () => {
  it.each([
    ["replcas", "replicas"],
    ["dsn", "dns"],
    ["Db_Name", "db-name"],
    ["regoin", "region"],
    ["x", undefined],
    ["stage", undefined],
    ["", undefined],
    ["replicas".repeat(100), undefined],
  ])("by %j is %j", (name, meant) => {
    assert.strictEqual(nearestName(name, ["replicas", "dns", "db-name", "region"]), meant)
  })

  it("is said, or else what there is", () => {
    assert.strictEqual(knownNames("dsn", "keys", ["dns"]), "did you mean dns?")
    assert.strictEqual(knownNames("other", "keys", ["a", "b"]), "the keys are: a, b")
    assert.strictEqual(knownNames("other", "keys", []), "there are no keys")
    assert.strictEqual(knownNames("c", "keys", ["a", "b"]), "the keys are: a, b")
    const many = Array.from({ length: 12 }, (_, index) => `key${index}`)
    assert.match(knownNames("other", "keys", many), /^the keys are: key0, .*key9, and 2 more$/)
  })
})
