import { assert, describe, it } from "@effect/vitest"
import { faultOf, fileUserOf } from "../../../src/agent/store/FileRights.ts"

const alice = fileUserOf(1000, undefined)
const root = fileUserOf(0, undefined)
const sudo = fileUserOf(0, "1000")

describe("the rights of a file", () => {
  it.each([
    [alice, "content", 1000, 0o600, undefined],
    [alice, "content", 1000, 0o644, undefined],
    [alice, "content", 1000, 0o664, "wide"],
    [alice, "content", 1000, 0o602, "wide"],
    [alice, "secret", 1000, 0o600, undefined],
    [alice, "secret", 1000, 0o640, "wide"],
    [alice, "secret", 1000, 0o604, "wide"],
    [alice, "secret", 1000, 0o620, "wide"],
    [alice, "folder", 1000, 0o755, undefined],
    [alice, "folder", 1000, 0o775, "wide"],
    [alice, "folder", 1000, 0o1777, "wide"],
    [alice, "folder", 0, 0o755, undefined],
    [alice, "folder", 0, 0o1777, "wide"],
    [alice, "folder", 1001, 0o755, "foreign"],
    [alice, "content", 0, 0o600, "foreign"],
    [alice, "content", 1001, 0o600, "foreign"],
    [root, "content", 0, 0o600, undefined],
    [root, "content", 1000, 0o600, "foreign"],
    [root, "folder", 1000, 0o700, "foreign"],
    [sudo, "content", 1000, 0o600, undefined],
    [sudo, "secret", 0, 0o600, undefined],
    [sudo, "content", 1001, 0o600, "foreign"],
  ] as const)("for %j: %s of %d with mode %d: %s", (user, purpose, uid, mode, expected) => {
    assert.strictEqual(faultOf(user, purpose, { uid, mode: 0o100000 | mode }), expected)
  })

  it("do not follow from SUDO_UID where the user is not root, or where it is no number", () => {
    assert.deepEqual([...fileUserOf(1000, "1001").owners], [1000])
    assert.deepEqual([...fileUserOf(0, "").owners], [0])
    assert.deepEqual([...fileUserOf(0, "alice").owners], [0])
  })
})
