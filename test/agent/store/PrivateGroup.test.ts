import { assert, describe, it } from "@effect/vitest"
import { faultOf, fileUserOf } from "../../../src/agent/store/FileRights.ts"
import { hasGroupAlone } from "../../../src/agent/store/PrivateGroup.ts"

const passwd =
  "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n"
const group = "root:x:0:\nusers:x:100:\nalice:x:1000:\nbob:x:1001:\n"

describe("the group of a user alone", () => {
  it.each([
    ["is the one of the same number, as many systems make it", 1000, 1000, passwd, group, true],
    ["may name its user", 1000, 1000, passwd, group.replace("alice:x:1000:", "alice:x:1000:alice"), true],
    ["has no other member", 1000, 1000, passwd, group.replace("alice:x:1000:", "alice:x:1000:alice,bob"), false],
    ["is the group of no other user", 1000, 1000, passwd.replace("1001:1001", "1001:1000"), group, false],
    ["has one name", 1000, 1000, passwd, `${group}team:x:1000:bob\n`, false],
    ["is not that of all users", 1000, 100, passwd.replace("1000:1000", "1000:100"), group, false],
    ["is not known for a user from elsewhere", 1002, 1002, passwd, `${group}carol:x:1002:\n`, false],
    ["is not known for a group from elsewhere", 1000, 1000, passwd, "root:x:0:\n", false],
    ["is not that of root", 0, 0, passwd, group, false],
  ])("%s", (_, uid, gid, users, groups, expected) => {
    assert.strictEqual(hasGroupAlone({ uid, gid }, users, groups), expected)
  })

  it("may write what the user owns, and not read a key", () => {
    const alice = { ...fileUserOf(1000, undefined), groupAlone: 1000 }
    const faultFor = (purpose: "content" | "folder" | "secret", mode: number, gid: number) =>
      faultOf(alice, purpose, { uid: 1000, gid, mode })
    assert.isUndefined(faultFor("folder", 0o775, 1000))
    assert.isUndefined(faultFor("content", 0o664, 1000))
    assert.strictEqual(faultFor("folder", 0o775, 100), "wide")
    assert.strictEqual(faultFor("folder", 0o777, 1000), "wide")
    assert.strictEqual(faultFor("content", 0o666, 1000), "wide")
    assert.strictEqual(faultFor("secret", 0o660, 1000), "wide")
  })
})
