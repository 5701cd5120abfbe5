/** What is installed with formae, and what is installed here to work on it. */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "./sources.ts"

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly link?: boolean
  readonly resolved?: string
  readonly optional?: boolean
}

const { packages }: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync(join(root, "package-lock.json"), "utf8"),
)

/** What npm installs with a package: its dependencies and its peers, and theirs. */
const installedWith = (name: string, found: Set<string> = new Set()): ReadonlySet<string> => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = packages[name] ?? {}
  const peers = Object.keys(peerDependencies ?? {}).filter((peer) => peerDependenciesMeta?.[peer]?.optional !== true)
  for (const needed of [...Object.keys(dependencies ?? {}), ...peers]) {
    if (found.has(needed)) continue
    found.add(needed)
    installedWith(`node_modules/${needed}`, found)
  }
  return found
}

describe("npm", () => {
  it("installs little with formae, and no client of a database", () => {
    assert.sameMembers(
      [...installedWith("")],
      ["effect", "@effect/platform-node-shared", "ws", "@types/ws", "@types/node", "undici-types", "yaml"],
    )
  })

  it("installs nothing with the plugins of clouds, because they are bundled", () => {
    for (const plugin of ["plugins/aws", "plugins/azure", "plugins/fake-aws"]) {
      assert.property(packages, plugin)
      assert.isEmpty(installedWith(plugin), plugin)
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
