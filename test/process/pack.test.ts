/** What a user gets: the tarballs, in an empty project. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as fs from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { node, npm, root } from "./npm.ts"
import { testPackedAdds } from "./packedAdds.ts"
import { testPackedClouds } from "./packedClouds.ts"
import { installNodes, testPackedNodes } from "./packedNodes.ts"
import { testPackedRelease } from "./packedRelease.ts"
import { testPackedTypes } from "./packedTypes.ts"
import { needsRegistry } from "./registry.ts"
import { install, makeProject, packTarball, type Tarball } from "./tarball.ts"

let temporary: string

describe("the packages", needsRegistry, () => {
  let packed: Tarball

  beforeAll(async () => {
    temporary = await fs.mkdtemp(join(tmpdir(), "formae-pack-"))
    packed = await packTarball(temporary)
    await installNodes(packed)
  }, 240_000)

  afterAll(() => fs.rm(temporary, { recursive: true, force: true }))

  it("run a plugin in an empty project", { timeout: 240_000 }, async () => {
    const paths = packed.files.map(({ path }) => path)
    assert.includeMembers(paths, [
      "bin/formae.js",
      "dist/protocol/index.d.ts",
      "dist/plugin/index.js",
      "dist/agent/index.js",
      "dist/control/client.js",
      "dist/control/client.d.ts",
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
    const { project } = packed
    await fs.copyFile(join(root, "examples", "hosts", "applyDocument.ts"), join(project, "applyDocument.ts"))

    const forma = {
      targets: { cloud: { namespace: "FakeAWS", config: { cloud: join(project, "cloud.db"), region: "eu-west-1" } } },
      resources: [
        { label: "pictures", type: "FakeAWS::S3::Bucket", target: "cloud", properties: { BucketName: "pictures" } },
      ],
    }
    const plugins = join("node_modules", "formae", "dist", "plugins")
    await fs.writeFile(join(project, "forma.json"), JSON.stringify(forma))
    const { stdout } = await node(project, "applyDocument.ts", plugins, "forma.json")
    const result = JSON.parse(stdout)
    assert.strictEqual(result.status, "succeeded", stdout)
    assert.lengthOf(result.resources, 1, stdout)

    const found = await node(project, join("node_modules", ".bin", "formae"), "plugins")
    assert.include(found.stdout, join(plugins, "fake-aws", "main.mjs"))
  })

  it(
    "has a formae that creates a plugin, which installs, builds, conforms, runs and is a package",
    { timeout: 240_000 },
    async () => {
      const { project } = packed
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

      const [{ filename }] = JSON.parse((await npm(plugin, "pack", "--json")).stdout)
      const user = await makeProject(packed, "user", join(plugin, filename))
      const found = await node(user, join("node_modules", ".bin", "formae"), "plugins")
      assert.include(found.stdout, join(user, "node_modules", "formae-plugin-my-disk", "dist", "main.js"))
    },
  )

  testPackedRelease(() => packed)

  testPackedClouds(() => packed)

  testPackedNodes(() => packed)

  testPackedAdds(() => packed)

  testPackedTypes(() => packed)
})
