import { assert, describe, it } from "@effect/vitest"
import { userCacheFolder } from "../../scripts/compiled/userCacheFolder.ts"

describe("the folder for what can be made again", () => {
  it.each([
    ["linux", { HOME: "/home/it" }, "/home/it/.cache"],
    ["linux", { HOME: "/home/it", XDG_CACHE_HOME: "/fast" }, "/fast"],
    ["linux", { XDG_CACHE_HOME: "/fast" }, "/fast"],
    // The specification says that a relative path counts as none.
    ["linux", { HOME: "/home/it", XDG_CACHE_HOME: "cache" }, "/home/it/.cache"],
    ["linux", { HOME: "home" }, undefined],
    ["linux", { HOME: "" }, undefined],
    ["linux", {}, undefined],
    ["darwin", { HOME: "/Users/it" }, "/Users/it/Library/Caches"],
    ["darwin", { HOME: "/Users/it", XDG_CACHE_HOME: "/fast" }, "/fast"],
    ["win32", { LOCALAPPDATA: "C:\\Users\\it\\AppData\\Local" }, "C:\\Users\\it\\AppData\\Local"],
    ["win32", { HOME: "/home/it" }, undefined],
  ] as const)("of %s with %j: %s", (platform, environment, expected) => {
    assert.strictEqual(userCacheFolder(platform, environment), expected)
  })
})
