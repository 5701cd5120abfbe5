import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { longest, longestFirst } from "./LongestFirst.ts"

const inRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

describe("the order of the test files", () => {
  it("begins with those that take longest, and leaves the others as they were", () => {
    const [first = "", second = ""] = longest.map(inRoot)
    const others = ["test/version.test.ts", "test/agent/a.test.ts"].map(inRoot)
    const files = [others[0], second, others[1], first].map((moduleId = "") => ({ moduleId }))
    assert.deepEqual(
      longestFirst(files).map(({ moduleId }) => moduleId),
      [first, second, ...others],
    )
  })

  it.each(longest)("names %s, which is there", (file) => {
    assert.isTrue(existsSync(inRoot(file)))
  })
})
