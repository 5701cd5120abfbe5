import { assert, describe, it } from "@effect/vitest"
import { thisUserOf } from "../../../src/cli/trust/ThisUser.ts"

const user = (environment: Record<string, string>, uid: number | undefined = 1000, platform = "linux") =>
  thisUserOf({ environment, uid, platform })

describe("what belongs to this user", () => {
  it.each([
    [1000, {}, [1000], [0, 1001]],
    [0, {}, [0], [1000]],
    [0, { SUDO_UID: "1000" }, [0, 1000], [1001]],
    [0, { SUDO_UID: "1000 " }, [0], [1000]],
    // Anybody can set it.
    [1000, { SUDO_UID: "0" }, [1000], [0]],
    [undefined, {}, [0, 1000], []],
  ] as const)("with the id %s and %j", (uid, environment, own, foreign) => {
    const { owns } = thisUserOf({ environment, uid, platform: "linux" })
    for (const owner of own) assert.isTrue(owns(owner), String(owner))
    for (const owner of foreign) assert.isFalse(owns(owner), String(owner))
  })
})

describe("where this user's files are", () => {
  it.each([
    [{ HOME: "/home/me" }, "linux", "/home/me/.local/state", "/home/me/.config"],
    [{ HOME: "/home/me", XDG_STATE_HOME: "/s", XDG_CONFIG_HOME: "/c" }, "linux", "/s", "/c"],
    // They would be other places in each folder, and the folder could bring them.
    [{ HOME: ".", XDG_STATE_HOME: "s", XDG_CONFIG_HOME: "./c" }, "linux", undefined, undefined],
    [{}, "linux", undefined, undefined],
    [{ HOME: "C:/me" }, "linux", undefined, undefined],
    [{ HOME: "/me", USERPROFILE: String.raw`\me`, LOCALAPPDATA: "C:me" }, "win32", undefined, undefined],
    [{ HOME: "/Users/me" }, "darwin", "/Users/me/.local/state", "/Users/me/.config"],
    [
      { USERPROFILE: String.raw`C:\me`, LOCALAPPDATA: String.raw`C:\me\l` },
      "win32",
      String.raw`C:\me\l`,
      String.raw`C:\me\l`,
    ],
  ] as const)("by %j on %s", (environment, platform, stateHome, configHome) => {
    assert.deepInclude(user(environment, 1000, platform), { stateHome, configHome })
  })

  it.each([
    [{ HOME: "/home/me" }, "linux", "/home/me/.local/share"],
    [{ HOME: "/home/me", XDG_DATA_HOME: "/d" }, "linux", "/d"],
    [{ HOME: "/home/me", XDG_DATA_HOME: "d" }, "linux", "/home/me/.local/share"],
    [{ HOME: "." }, "linux", undefined],
    [{ LOCALAPPDATA: String.raw`C:\me\l` }, "win32", String.raw`C:\me\l`],
  ] as const)("has what was installed, by %j on %s", (environment, platform, dataHome) => {
    assert.strictEqual(user(environment, 1000, platform).dataHome, dataHome)
  })

  it("names the folders that are trusted as PATH names folders", () => {
    assert.deepEqual(user({ FORMAE_TRUST: "/a::/b c:" }).trusted, ["/a", "/b c"])
    assert.deepEqual(user({ FORMAE_TRUST: String.raw`C:\a;C:\b` }, undefined, "win32").trusted, [
      String.raw`C:\a`,
      String.raw`C:\b`,
    ])
    assert.deepEqual(user({}).trusted, [])
  })
})
