import { assert, describe, it } from "@effect/vitest"
import { soakGrowth, type SoakSample } from "../../../scripts/bench/report/SoakSample.ts"

const level: SoakSample = {
  seconds: 0,
  heapMiB: 40,
  residentMiB: 150,
  descriptors: 30,
  pluginMiB: 120,
  medianMillis: 1,
  crashes: 1,
}
const samples = (change: (index: number) => Partial<SoakSample>): ReadonlyArray<SoakSample> =>
  Array.from({ length: 9 }, (_, index) => ({ ...level, seconds: index, ...change(index) }))

describe("soakGrowth", () => {
  it("names what has grown by more than is allowed, with both medians", () => {
    assert.deepEqual(soakGrowth(samples((index) => ({ descriptors: 30 + index }))), [
      "descriptors: 31.0 before, 37.0 after",
    ])
    assert.lengthOf(soakGrowth(samples((index) => ({ heapMiB: 40 + 10 * index, pluginMiB: 120 + 100 * index }))), 2)
  })

  it("accepts a soak that stays level, growth that is allowed, and one high sample", () => {
    assert.deepEqual(soakGrowth(samples(() => ({}))), [])
    assert.deepEqual(soakGrowth(samples((index) => ({ heapMiB: 40 + index }))), [])
    assert.deepEqual(soakGrowth(samples((index) => (index === 8 ? { residentMiB: 900 } : {}))), [])
  })
})
