import { assert, describe, it } from "@effect/vitest"
import { parsePackageSpec } from "../../../src/cli/added/PackageSpec.ts"

describe("what a user types to name a package", () => {
  it.each([
    ["plugin", "plugin", null],
    ["@formae/plugin-aws", "@formae/plugin-aws", null],
    ["@formae/plugin-aws@^1.0.0", "@formae/plugin-aws", "^1.0.0"],
    ["plugin@>=1 <2 || 3.x", "plugin", ">=1 <2 || 3.x"],
    ["plugin@next", "plugin", "next"],
  ])("%s is a package of a registry", (typed, name, range) => {
    assert.deepEqual(parsePackageSpec(typed), { _tag: "Registry", name, range })
  })

  it.each(["./plugin-1.0.0.tgz", "/a b/plugin.tar.gz", "plugin-1.0.0.tgz"])("%s is a tarball", (typed) => {
    assert.deepEqual(parsePackageSpec(typed), { _tag: "Tarball", path: typed })
  })

  it.each([
    "",
    "--registry=http://elsewhere",
    "-g",
    "..",
    "../folder",
    "@scope",
    "@scope/..",
    "Name",
    "plugin@",
    "plugin@npm:other",
    "plugin@file:../other",
    "user/repository",
    "git+ssh://git@host/a.git",
    "https://host/plugin.tgz",
  ])("%j is neither", (typed) => {
    assert.isUndefined(parsePackageSpec(typed))
  })
})
