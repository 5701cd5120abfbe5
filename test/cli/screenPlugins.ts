/** Plugins for screens. */
import * as SemVer from "effect/SemVer"
import type { CatalogEntry } from "../../src/agent/index.ts"
import type { AddedPlugin } from "../../src/cli/added/AddedPlugins.ts"
import type { Listed } from "../../src/cli/added/listAdded.ts"

const version = SemVer.parseUnsafe("1.2.3")

const foundAt = (name: string, namespace: string, entryPath: string): CatalogEntry => ({
  manifest: {
    name,
    namespace,
    version,
    protocol: { min: 1, max: 1 },
  } as CatalogEntry["manifest"],
  entryPath,
})

export const found: ReadonlyArray<CatalogEntry> = [
  foundAt("aws", "AWS", "/home/ana/.local/share/formae/plugins/@formae/plugin-aws/1.2.3/dist/main.js"),
  foundAt("my-cloud", "MyCloud", "/home/ana/shop/.formae/plugins/my-cloud/src/main.ts"),
]

const addedAs = (name: string, namespace: string, range: string | null): AddedPlugin => ({
  name,
  range,
  source: "registry",
  current: {
    version: "1.2.3",
    folder: "one",
    manifest: "formae-plugin.json",
    plugin: { name, namespace, version },
    resolved: "https://registry.npmjs.org/one.tgz",
    integrity: "sha512-",
    entry: { path: "dist/main.js", sha256: "0" },
    files: {},
  },
  previous: null,
})

export const added: ReadonlyArray<Listed> = [
  { plugin: addedAs("@formae/plugin-aws", "AWS", "^1.0.0"), hasServed: true, changed: [] },
  {
    plugin: addedAs("@example/a-plugin-with-a-long-name", "Example", null),
    hasServed: true,
    changed: ["dist/main.js"],
  },
]

export const report = [
  "my-cloud (MyCloud)",
  "  ✓ answers the handshake",
  "  ✗ reports a cookie",
  "      expected  the cookie of the launch",
  "  - not asked",
  "",
  "my-cloud 1.2.3: 1 passed, 1 failed, 1 skipped, in 1.2 s",
].join("\n")
