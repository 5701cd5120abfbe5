import { assert, describe, it } from "@effect/vitest"
import { linkObjections, withAbsoluteLinks } from "../../scripts/release/links.ts"
import { publishedManifest } from "../../scripts/release/publishedManifest.ts"

describe("package.json, as it is published", () => {
  const manifest = {
    name: "some",
    private: true,
    exports: { ".": { "formae-source": "./src/a.ts", types: "./dist/a.d.ts", default: "./dist/a.js" } },
    scripts: { build: "tsc" },
    devDependencies: { formae: "file:../.." },
    formae: { plugin: "./dist/formae-plugin.json" },
  }

  it("has nothing that only the repository needs", () => {
    assert.deepEqual(publishedManifest(manifest, []), {
      name: "some",
      exports: { ".": { types: "./dist/a.d.ts", default: "./dist/a.js" } },
      formae: { plugin: "./dist/formae-plugin.json" },
    })
  })

  it("keeps what is read where it is installed", () => {
    assert.deepEqual(publishedManifest(manifest, ["devDependencies"])["devDependencies"], manifest.devDependencies)
  })
})

describe("the links of a page", () => {
  const page = "See [the docs](docs/api.md#run), [this](#here) and [Effect](https://effect.website).\n"
  const code = "```md\n[not a link](docs/code.md)\n```\n"

  it("lead into the repository, at the tag of the version", () => {
    const repository = "git+https://example.org/formae.git"
    assert.strictEqual(
      withAbsoluteLinks("README.md", `${page}${code}${page}`, repository, "1.2.3"),
      [page, page]
        .map((text) => text.replace("docs/api.md", "https://example.org/formae/blob/v1.2.3/docs/api.md"))
        .join(code),
    )
    assert.strictEqual(
      withAbsoluteLinks("docs/a.md", "[b](../b.md)", repository, "1.0.0"),
      "[b](https://example.org/formae/blob/v1.0.0/b.md)",
    )
  })

  it("lead to files or folders of the package", () => {
    assert.deepEqual(linkObjections("README.md", `${page}${code}[all](docs/)`, ["docs/api.md"]), [])
    assert.deepEqual(linkObjections("docs/a.md", "[b](../b.md) [c](c.md)", ["docs/c.md"]), [
      "docs/a.md links to ../b.md, which is not in the package",
    ])
  })
})
