import { assert, describe, it } from "@effect/vitest"
import { mixedOperation } from "../../../scripts/bench/measure/MixedLoad.ts"

describe("mixedOperation", () => {
  it("is of each kind as often as it says", () => {
    const counts = new Map<string, number>()
    for (let percent = 0; percent < 100; percent++) {
      const { _tag, targetConfig } = mixedOperation("Bench0", "operation-1", percent)
      const kind = Object.keys(targetConfig).length === 0 ? "refused" : _tag
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    assert.deepEqual(Object.fromEntries(counts), { Read: 60, Create: 20, Delete: 10, refused: 10 })
  })
})
