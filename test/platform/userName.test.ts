import { assert, describe, it } from "@effect/vitest"
import { userName } from "../../src/platform/userName.ts"

const nameless = () => {
  throw new Error("ERR_SYSTEM_ERROR: uv_os_get_passwd returned ENOENT")
}

describe("the name of a user", () => {
  it("is its id where it has none", () => {
    assert.strictEqual(
      userName(() => "jo", 1000),
      "jo",
    )
    assert.strictEqual(userName(nameless, 4711), "uid 4711")
  })
})
