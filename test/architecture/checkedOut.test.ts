/** What a checkout brings, on every system: the same bytes, and packages that npm can tell from others of their name. */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { LockedPackages } from "../../scripts/release/installedWith.ts"
import { root } from "./sources.ts"

/** The registry that these packages were locked from has not those of other platforms. */
const withoutIntegrity = ["darwin-arm64", "darwin-x64", "linux-arm", "linux-arm64", "win32-arm64", "win32-x64"].map(
  (platform) => `node_modules/@effect/tsgo-${platform}`,
)

const lockFiles = globSync("**/package-lock.json", { cwd: root, exclude: ["**/node_modules/**", "**/dist/**"] })

describe("a checkout", () => {
  it("has line feeds alone in each text, whatever the user's settings of Git say, and the bytes of each binary file", () => {
    const output = execFileSync("git", ["-c", "core.autocrlf=true", "ls-files", "--eol", "-z"], { cwd: root })
    const files = output
      .toString()
      .split("\0")
      .filter((line) => line !== "")
      .map((line) => {
        const [, ends, attributes] = /^i\/(\S*)\s+w\/\S*\s+attr\/(.*?)\s*\t/.exec(line) ?? []
        return { line, ends: ends ?? "", attributes }
      })
    assert.isAbove(files.length, 1_000)
    for (const { attributes, ends, line } of files) {
      assert.include(["lf", "none", "-text"], ends, line)
      assert.strictEqual(attributes, ends === "-text" ? "-text" : "text=auto eol=lf", line)
    }
  })
})

describe("a lock file of npm", () => {
  it("is there for the repository, the plugin with dependencies of its own, and the tools", () => {
    assert.includeMembers(lockFiles, ["package-lock.json", "plugins/effect-3/package-lock.json"])
  })

  it.each(lockFiles)("says what each package of a registry has to be: %s", (file) => {
    const { packages }: { readonly packages: LockedPackages } = JSON.parse(readFileSync(join(root, file), "utf8"))
    // What is not below node_modules is a folder of this repository, and a link leads to one.
    const installed = Object.entries(packages).filter(([place, { link }]) => place.includes("node_modules/") && !link)
    assert.isNotEmpty(installed)
    const without = installed.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""))
    assert.sameMembers(
      without.map(([place]) => place),
      file === "package-lock.json" ? withoutIntegrity : [],
    )
  })
})
