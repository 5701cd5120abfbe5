import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { Catalog } from "../../../src/agent/catalog/Catalog.ts"
import { maxManifestBytes } from "../../../src/agent/catalog/manifestText.ts"
import type { NamespaceUnknown } from "../../../src/agent/catalog/NamespaceUnknown.ts"
import { entryOf } from "../supervision/supervised.ts"

const manifest = {
  name: "aws",
  namespace: "AWS",
  version: "1.0.0",
  protocol: { min: 1, max: 1 },
  minAgentVersion: "0.1.0",
  entry: "dist/main.js",
  environment: ["AWS_*"],
}

/** The catalog of these files, which stand in `plugins`. */
const catalogOf = Effect.fnUntraced(function* (
  files: Readonly<Record<string, unknown>>,
  directories: ReadonlyArray<string> = ["plugins"],
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = yield* fs.makeTempDirectoryScoped()
  for (const [file, content] of Object.entries(files)) {
    const target = path.join(root, "plugins", file)
    yield* fs.makeDirectory(path.dirname(target), { recursive: true })
    yield* fs.writeFileString(target, typeof content === "string" ? content : JSON.stringify(content))
  }
  const layer = Catalog.layerDirectories(directories.map((directory) => path.join(root, directory)))
  return {
    root,
    catalog: yield* Effect.provide(
      Effect.map(Catalog, (made) => made),
      layer,
      { local: true },
    ),
  }
}, Effect.provide(NodeServices.layer))

const refusalOf = (catalog: Catalog["Service"], namespace: string): Effect.Effect<NamespaceUnknown> =>
  Effect.flip(Effect.asVoid(catalog.find(namespace))).pipe(Effect.orDie)

describe("the catalog", () => {
  it.effect("has the plugins of each folder of a directory, with the absolute path of their entry", () =>
    Effect.gen(function* () {
      const { catalog, root } = yield* catalogOf({
        "aws/formae-plugin.json": manifest,
        "aws/dist/main.js": "",
        "azure/formae-plugin.json": { ...manifest, name: "azure", namespace: "Azure", entry: "./main.js" },
        "azure/main.js": "",
        "notes/README.md": "no plugin",
        "README.md": "no folder",
      })
      assert.deepEqual(catalog.rejected, [])
      assert.deepEqual(
        catalog.entries.map(({ entryPath, manifest: { namespace } }) => [namespace, entryPath]),
        [
          ["AWS", `${root}/plugins/aws/dist/main.js`],
          ["Azure", `${root}/plugins/azure/main.js`],
        ],
      )
      assert.strictEqual(yield* catalog.find("aws"), catalog.entries[0])
      assert.strictEqual(yield* catalog.find("AZURE"), catalog.entries[1])
    }),
  )

  it.effect("has a directory that is a plugin itself, and nothing of one that is not there", () =>
    Effect.gen(function* () {
      const { catalog } = yield* catalogOf({ "aws/formae-plugin.json": manifest, "aws/dist/main.js": "" }, [
        "plugins/aws",
        "nowhere",
      ])
      assert.lengthOf(catalog.entries, 1)
      assert.deepEqual(catalog.rejected, [])
    }),
  )

  it.effect("prefers the earlier of two directories for the same version", () =>
    Effect.gen(function* () {
      const files = {
        "one/aws/formae-plugin.json": manifest,
        "one/aws/dist/main.js": "",
        "two/aws/formae-plugin.json": manifest,
        "two/aws/dist/main.js": "",
      }
      const { catalog, root } = yield* catalogOf(files, ["plugins/two", "plugins/one"])
      assert.deepEqual(
        catalog.entries.map(({ entryPath }) => entryPath),
        [`${root}/plugins/two/aws/dist/main.js`],
      )
    }),
  )

  it.effect("rejects what it cannot read with a reason, and no other is affected", () =>
    Effect.gen(function* () {
      const { catalog } = yield* catalogOf({
        "a-broken/formae-plugin.json": '{\n  "name": "a",\n  }',
        "b-empty/formae-plugin.json": "",
        "c-wrong/formae-plugin.json": { ...manifest, name: "Not A Name", version: "one", entry: "" },
        "d-folder/formae-plugin.json/file": "",
        "e-future/formae-plugin.json": { ...manifest, namespace: "Azure", protocol: { min: 9, max: 9 } },
        "f-gone/formae-plugin.json": { ...manifest, namespace: "Gone", entry: "gone.js" },
        "g-outside/formae-plugin.json": { ...manifest, entry: "../aws/dist/main.js" },
        "h-large/formae-plugin.json": { ...manifest, notes: "x".repeat(maxManifestBytes) },
        "aws/formae-plugin.json": manifest,
        "aws/dist/main.js": "",
      })
      assert.deepEqual(
        catalog.entries.map(({ manifest: { namespace } }) => `${namespace}`),
        ["AWS"],
      )
      assert.lengthOf(catalog.rejected, 8)
      const reasonFor = (folder: string) => catalog.rejected.find(({ path }) => path.includes(folder))?.reason
      assert.match(reasonFor("a-broken") ?? "", /^it is not JSON: .*\(line 3 column 3\)/)
      assert.match(
        reasonFor("c-wrong") ?? "",
        /name: Expected a name of lower case letters, digits and dashes; version: .*; entry: /,
      )
      assert.strictEqual(reasonFor("d-folder"), "it is not a file")
      assert.strictEqual(reasonFor("h-large"), "it has more than 1024 KiB")
      assert.strictEqual(reasonFor("f-gone"), "its entry gone.js does not exist")
      assert.strictEqual(reasonFor("g-outside"), "its entry ../aws/dist/main.js leads out of its folder")
      for (const { reason } of catalog.rejected) assert.isNotEmpty(reason)
      // What is rejected and serves the namespace is named where the namespace is needed.
      assert.include((yield* refusalOf(catalog, "gone")).message, "its entry gone.js does not exist")
    }),
  )

  it.effect("says which namespaces it knows, and why one that it found was not taken", () =>
    Effect.gen(function* () {
      const entries = [entryOf("aws", "AWS"), entryOf("gcp", "GCP")]
      const rejected = [{ path: "plugins/azure", namespace: "Azure", reason: "it speaks protocol 9" }]
      const catalog = Catalog.fromEntries(entries, rejected)
      assert.strictEqual(
        (yield* refusalOf(catalog, "azure")).message,
        "No plugin serves the namespace azure; known namespaces: AWS, GCP. One was found but rejected: plugins/azure: it speaks protocol 9",
      )
      assert.strictEqual(
        (yield* refusalOf(Catalog.fromEntries([]), "AWS")).message,
        "No plugin serves the namespace AWS; none is known",
      )
    }),
  )
})
