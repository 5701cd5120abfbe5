import { assert, describe, it } from "@effect/vitest"
import { contentObjections, dependencyObjections, versionObjections } from "../../scripts/release/objections.ts"

const limits = { files: /^(package\.json|dist\/[\w-]+\.js)$/, packedBytes: 100, installedBytes: 1_000 }

describe("a package", () => {
  it("has what is needed, within its limits", () => {
    const files = ["package.json", "dist/a.js"].map((path) => ({ path, size: 10 }))
    assert.deepEqual(contentObjections({ files, size: 100, unpackedSize: 1_000 }, limits), [])
  })

  it("has nothing else, and is not larger", () => {
    const files = ["package.json", "dist/.compiled/a.js", "src/a.ts"].map((path) => ({ path, size: 10 }))
    assert.deepEqual(contentObjections({ files, size: 101, unpackedSize: 1_001 }, limits), [
      "dist/.compiled/a.js is not needed in the package",
      "src/a.ts is not needed in the package",
      "the tarball is 101 bytes, more than the 100 that are allowed",
      "what is installed is 1001 bytes, more than the 1000 that are allowed",
    ])
  })

  it("has the version of the release, in its manifests too", () => {
    const found = [
      { place: "package.json", version: "0.2.0" },
      { place: "dist/formae-plugin.json", version: "0.1.9" },
    ]
    assert.deepEqual(versionObjections("0.2.0", found), [
      "dist/formae-plugin.json has the version 0.1.9, but the release is 0.2.0",
    ])
  })

  it("brings only what may be passed on, peers and their dependencies included", () => {
    const packages = {
      "": {
        dependencies: { good: "1" },
        peerDependencies: { peer: "1", other: "1" },
        peerDependenciesMeta: { other: { optional: true } },
      },
      "node_modules/good": { version: "1.0.0", license: "MIT" },
      "node_modules/peer": { version: "2.0.0", license: "ISC", dependencies: { deep: "1" } },
      "node_modules/deep": { version: "3.0.0", license: "SSPL-1.0" },
      "node_modules/other": { version: "4.0.0", license: "SSPL-1.0" },
    }
    assert.deepEqual(dependencyObjections(packages, ""), [
      "deep 3.0.0 is licensed as SSPL-1.0, which is not on the list",
    ])
  })
})
