import { assert, describe, it } from "@effect/vitest"
import * as SemVer from "effect/SemVer"
import {
  type AddedPlugin,
  type AddedVersion,
  foldersOf,
  noPlugins,
  offeredVersions,
  withAdded,
  withoutCredentials,
  withoutPlugin,
  withoutReplaced,
} from "../../../src/cli/added/AddedPlugins.ts"

const at = (version: string, namespace = "Cloud"): AddedVersion => ({
  version,
  folder: `cloud@${version}`,
  manifest: "formae-plugin.json",
  plugin: { name: "cloud", namespace, version: SemVer.parseUnsafe(version) },
  resolved: "",
  integrity: "",
  entry: { path: "main.mjs", sha256: "" },
  files: {},
})

const cloud = (current: string): Omit<AddedPlugin, "previous"> => ({
  name: "cloud",
  range: null,
  source: "registry",
  current: at(current),
})

const good = { hasServed: true, isWhole: true }
const fresh = { hasServed: false, isWhole: true }
const changed = { hasServed: true, isWhole: false }

const versionsIn = ({ plugins }: typeof noPlugins) =>
  plugins.map(({ current, previous }) => [current.version, previous?.version ?? null])

describe("the version that is kept", () => {
  const first = withAdded(noPlugins, cloud("1.0.0"), fresh)
  const second = withAdded(first, cloud("2.0.0"), good)

  it.each([
    ["none, at first", first, ["1.0.0", null]],
    ["the one before", second, ["2.0.0", "1.0.0"]],
    ["the one that has served, where the last has not", withAdded(second, cloud("3.0.0"), fresh), ["3.0.0", "1.0.0"]],
    ["the last, where it has served", withAdded(second, cloud("3.0.0"), good), ["3.0.0", "2.0.0"]],
    ["the only one, though it has not served", withAdded(first, cloud("2.0.0"), fresh), ["2.0.0", "1.0.0"]],
    ["none that has changed", withAdded(first, cloud("2.0.0"), changed), ["2.0.0", null]],
    ["the one before one that has changed", withAdded(second, cloud("3.0.0"), changed), ["3.0.0", "1.0.0"]],
  ])("is %s", (_, added, versions) => {
    assert.deepEqual(versionsIn(added), [versions])
  })

  it("is removed once the current one has served", () => {
    assert.deepEqual(versionsIn(withoutReplaced(second, () => false)), [["2.0.0", "1.0.0"]])
    assert.deepEqual(versionsIn(withoutReplaced(second, ({ version }) => version === "2.0.0")), [["2.0.0", null]])
  })

  it("has a folder that is no litter", () => {
    assert.deepEqual([...foldersOf(second)], ["cloud@2.0.0", "cloud@1.0.0"])
    assert.deepEqual([...foldersOf(withoutPlugin(second, "cloud"))], [])
  })
})

describe("the versions that the catalog chooses from", () => {
  it.each([
    ["both, of an upgrade", at("2.0.0"), at("1.0.0"), ["2.0.0", "1.0.0"]],
    ["the wanted one, where it is lower", at("1.0.0"), at("2.0.0"), ["1.0.0"]],
    ["the new one, of the same version", at("1.0.0"), at("1.0.0"), ["1.0.0"]],
    ["the new one, for another namespace", at("2.0.0", "Other"), at("1.0.0"), ["2.0.0"]],
    ["the only one", at("1.0.0"), null, ["1.0.0"]],
  ])("are %s", (_, current, previous, offered) => {
    assert.deepEqual(
      offeredVersions({ ...cloud("1.0.0"), current, previous }).map(({ version }) => version),
      offered,
    )
  })
})

describe("where a package is from", () => {
  it.each([
    ["https://me:sesame@host/a.tgz?token=x#y", "https://host/a.tgz"],
    ["https://host/a.tgz", "https://host/a.tgz"],
    ["not an address", "not an address"],
  ])("is written without credentials: %s", (address, written) => {
    assert.strictEqual(withoutCredentials(address), written)
  })
})
