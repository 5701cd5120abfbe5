/** What is installed with formae, and what is installed here to work on it. */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { installedWith, type LockedPackages } from "../../scripts/release/installedWith.ts"
import { root } from "./sources.ts"

const { packages }: { readonly packages: LockedPackages } = JSON.parse(
  readFileSync(join(root, "package-lock.json"), "utf8"),
)

describe("npm", () => {
  it("installs little with formae, and no client of a database", () => {
    assert.sameMembers(
      [...installedWith(packages, "")],
      ["effect", "@effect/platform-node-shared", "ws", "@types/ws", "@types/node", "undici-types", "re2js", "yaml"],
    )
  })

  it("installs nothing with the plugins of clouds, because they are bundled", () => {
    for (const plugin of ["plugins/aws", "plugins/azure", "plugins/fake-aws"]) {
      assert.property(packages, plugin)
      assert.isEmpty(installedWith(packages, plugin), plugin)
    }
  })

  it("installs the empty package in the place of what emulators name and do not load", () => {
    const { overrides } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    const replaced = Object.values<Readonly<Record<string, string>>>(overrides).flatMap(Object.keys)
    assert.isNotEmpty(replaced)
    for (const name of replaced) assert.include(packages[`node_modules/${name}`], { resolved: "test/unused" }, name)
  })

  it("installs fewer than 500 packages here, without those of other platforms", () => {
    const here = Object.entries(packages).filter(([place, { link, optional }]) => place !== "" && !link && !optional)
    assert.isBelow(here.length, 500)
  })
})
