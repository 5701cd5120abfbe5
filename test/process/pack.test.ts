/** What a user gets: the tarball, in an empty project. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as fs from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join, normalize } from "node:path"
import { node, npm, root } from "./npm.ts"
import { testPackedTypes } from "./packedTypes.ts"
import { needsRegistry } from "./registry.ts"
import { install, makeProject, packTarball, type Tarball } from "./tarball.ts"

let temporary: string

describe("npm pack", needsRegistry, () => {
  let packed: Tarball

  beforeAll(async () => {
    temporary = await fs.mkdtemp(join(tmpdir(), "formae-pack-"))
    packed = await packTarball(temporary)
  }, 240_000)

  afterAll(() => fs.rm(temporary, { recursive: true, force: true }))

  it("makes a tarball that runs a plugin in an empty project", { timeout: 240_000 }, async () => {
    const { files, size } = packed
    const paths = files.map(({ path }) => path)
    const known =
      /^(bin|dist|docs|examples|templates)\/|^(package\.json|LICENSE|README\.md|ARCHITECTURE\.md|PROTOCOL\.md|SECURITY\.md)$/
    assert.deepEqual(
      paths.filter((path) => !known.test(path)),
      [],
    )
    assert.includeMembers(paths, [
      "bin/formae.js",
      "dist/protocol/index.d.ts",
      "dist/plugin/index.js",
      "dist/agent/index.js",
      "dist/testing/index.js",
      "dist/plugins/fake-aws/formae-plugin.json",
      "dist/plugins/fake-aws/main.mjs",
      "dist/plugins/fake-aws/LICENSES.txt",
      "dist/cli/LICENSES.txt",
      "templates/plugin/package.json",
      "templates/plugin/gitignore",
      "docs/embedding.md",
      "docs/api/agent.md",
      "examples/hosts/FakeAWS.ts",
      "LICENSE",
      "SECURITY.md",
    ])
    // About 150 kB of it are the docs and the examples, which the README refers to.
    assert.isBelow(size, 1_200_000)

    const project = await makeProject(packed, "project")
    await fs.copyFile(join(root, "examples", "hosts", "applyDocument.ts"), join(project, "applyDocument.ts"))

    const forma = {
      targets: { cloud: { namespace: "FakeAWS", config: { cloud: join(project, "cloud.db"), region: "eu-west-1" } } },
      resources: [
        { label: "pictures", type: "FakeAWS::S3::Bucket", target: "cloud", properties: { BucketName: "pictures" } },
      ],
    }
    const plugins = join("node_modules", "formae", "dist", "plugins")
    const { stdout } = await node(project, "applyDocument.ts", plugins, JSON.stringify(forma))
    const result = JSON.parse(stdout)
    assert.strictEqual(result.status, "succeeded", stdout)
    assert.lengthOf(result.resources, 1, stdout)

    const found = await node(project, join("node_modules", ".bin", "formae"), "plugins")
    assert.include(found.stdout, join(plugins, "fake-aws", "main.mjs"))
  })

  it("makes a tarball whose pages link only to what it has", async () => {
    const paths = packed.files.map(({ path }) => path)
    const pages = paths.filter((path) => path.endsWith(".md") && !path.startsWith("dist/"))
    const dead: Array<string> = []
    for (const page of pages) {
      const text = (await fs.readFile(join(root, page), "utf8")).replaceAll(/^```[^]*?^```/gm, "")
      for (const [, link = ""] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        if (URL.canParse(link)) continue
        const target = normalize(join(dirname(page), link))
        if (!paths.some((path) => path === target || path.startsWith(`${target}/`))) dead.push(`${page}: ${link}`)
      }
    }
    assert.isAbove(pages.length, 5)
    assert.deepEqual(dead, [])
  })

  it(
    "makes a tarball that creates a plugin, which installs, builds, conforms and runs",
    { timeout: 240_000 },
    async () => {
      const project = await makeProject(packed, "author")
      await node(project, join("node_modules", ".bin", "formae"), "plugin", "init", "my-disk")
      const plugin = join(project, "my-disk")
      const { dependencies } = JSON.parse(await fs.readFile(join(plugin, "package.json"), "utf8"))
      assert.match(dependencies.formae, /^file:.*\.tgz$/, "the tarball that this formae was installed from")

      await npm(plugin, ...install)
      await npm(plugin, "run", "build")
      const tests = await npm(plugin, "test")
      assert.match(tests.stdout, /1 passed/)
      const { stdout } = await npm(plugin, "run", "--silent", "conformance")
      assert.match(stdout, /my-disk 0\.1\.0: \d+ passed, \d+ skipped, in/, stdout)
      await npm(plugin, "start")
      assert.strictEqual(
        await fs.readFile(join(plugin, "files", "index.txt"), "utf8"),
        join(plugin, "files", "note.txt"),
      )
    },
  )

  testPackedTypes(() => packed)
})
