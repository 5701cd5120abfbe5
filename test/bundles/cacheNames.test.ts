import { assert, describe, it } from "@effect/vitest"
import { cacheName, chunkOf, tagOf } from "../../scripts/compiled/cacheNames.ts"

const here = { v8: "13.6.233.17-node.40", platform: "linux", arch: "x64", flags: 2_521_476_671 } as const

describe("the name of a cache", () => {
  it.each([
    [here, "13.6.233.17-node.40-linux-x64-964aae3f"],
    [{ ...here, v8: "14.6.202.34-node.19" }, "14.6.202.34-node.19-linux-x64-964aae3f"],
    [{ ...here, platform: "darwin" }, "13.6.233.17-node.40-darwin-x64-964aae3f"],
    [{ ...here, platform: "win32" }, "13.6.233.17-node.40-win32-x64-964aae3f"],
    [{ ...here, arch: "arm64" }, "13.6.233.17-node.40-linux-arm64-964aae3f"],
    [{ ...here, flags: 7 }, "13.6.233.17-node.40-linux-x64-00000007"],
  ] as const)("has what the code was compiled for: %j", (compiledFor, tag) => {
    assert.strictEqual(tagOf(compiledFor), tag)
    const name = cacheName("program-B1x_.cjs", tag, 3)
    assert.strictEqual(chunkOf(name), "program-B1x_.cjs")
    assert.strictEqual(chunkOf(`${name}.4242-1700000000000`), "program-B1x_.cjs")
  })

  it.each([
    ["program-a.cjs.13.6.233.17-node.40-x64.3", "program-a.cjs"],
    ["program-a.cjs.13.0-x64.2.77-1700000000000", "program-a.cjs"],
    ["program-a.cjs", undefined],
    ["program-a.cjs.1.d", undefined],
    ["notes.txt", undefined],
  ])("is known if it is that of an earlier version, and no other file is taken for a cache: %s", (name, chunk) => {
    assert.strictEqual(chunkOf(name), chunk)
  })
})
