import { assert, describe, it } from "@effect/vitest"
import { canonicalBatches } from "../../../src/agent/operations/canonicalBatches.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { frameExcess } from "../../../src/transport/FrameBounds.ts"

const of = (count: number, properties: (index: number) => Properties) =>
  Array.from({ length: count }, (_, index) => properties(index))

const lists = (count: number): Properties => ({ a: Array.from({ length: count }, () => []) })

describe("the properties of all resources of a type", () => {
  it("are one request where they are few, and none where there are none", () => {
    const few = of(100, (a) => ({ a }))
    assert.deepEqual(canonicalBatches(few), [few])
    assert.deepEqual(canonicalBatches([]), [])
  })

  it.each<readonly [string, ReadonlyArray<Properties>]>([
    ["many of a few values", of(30_000, (index) => ({ a: [index, { b: [] }, "x"] }))],
    ["some of the densest", of(50, () => lists(10_000))],
    ["large ones between small ones", of(9, (index) => (index % 2 === 0 ? lists(100_000) : { a: index }))],
    ["long texts", of(20, () => ({ a: "x".repeat(1_000_000) }))],
  ])("are as many requests as frames take, in the same order: %s", (_, all) => {
    const batches = canonicalBatches(all)
    assert.deepEqual(batches.flat(), all)
    assert.isAbove(batches.length, 1)
    for (const properties of batches) {
      const frame = JSON.stringify({ _tag: "Request", id: 1, tag: "Canonicalize", payload: { properties } })
      assert.isUndefined(frameExcess(frame))
    }
  })
})
