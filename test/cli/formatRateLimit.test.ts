import { assert, describe, it } from "@effect/vitest"
import { formatRateLimit } from "../../src/cli/formatRateLimit.ts"

describe("a rate limit in words", () => {
  it("says the rate of each place, and that of some targets", () => {
    const targets = [
      { where: { region: "eu-west-1", profile: "shop" }, perSecond: 0.5, burst: 1 },
      { where: { port: 7 }, perSecond: 9, burst: 2 },
    ]
    assert.deepEqual(formatRateLimit({ perSecond: 5, burst: 10, targets }), [
      "Requests to the provider: at most 5 per second, and 10 at once after a rest, at each place.",
      "Where region is eu-west-1 and profile is shop: at most 0.5 per second, and 1 at once after a rest.",
      "Where port is 7: at most 9 per second, and 2 at once after a rest.",
    ])
  })

  it("says that there is none", () => {
    assert.deepEqual(formatRateLimit(undefined), ["Requests to the provider: no rate limit."])
  })
})
