import { assert, describe, it } from "@effect/vitest"
import { describeMissing } from "./SkippedReporter.ts"

describe("the last line of a run", () => {
  it("names what is missing, with how many tests were skipped for it", () => {
    assert.strictEqual(
      describeMissing(["python3", "moto_server", "moto_server", "an npm registry"]),
      "Skipped for lack of moto_server (2 tests), an npm registry (1 test), python3 (1 test)",
    )
  })

  it("is not there where nothing is missing", () => {
    assert.isUndefined(describeMissing([]))
  })
})
