import { assert, describe, it } from "@effect/vitest"
import { checkLargeProperties, largeProperties } from "../../../scripts/bench/work/LargeProperties.ts"

describe("LargeProperties", () => {
  it("is a mebibyte of JSON", () => {
    assert.closeTo(Buffer.byteLength(JSON.stringify(largeProperties())), 1024 * 1024, 200)
  })

  it("accepts what came back whole, and nothing less", () => {
    const { entries } = checkLargeProperties(JSON.parse(JSON.stringify(largeProperties())))
    assert.deepEqual(entries, largeProperties().entries)
    assert.throws(() => checkLargeProperties({ entries: entries.slice(1) }), /not all entries/)
    assert.throws(() => checkLargeProperties({ entries: [...entries.slice(1), { Key: "only" }] }), /a key and a value/)
    assert.throws(() => checkLargeProperties([]), /not the large properties/)
  })
})
