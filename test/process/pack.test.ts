/** What a user gets: the tarball, in a project where nothing else is. */
import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { copyCheckout } from "./checkout.ts"
import { node, npm, registryAnswers, root } from "./npm.ts"

interface Packed {
  readonly filename: string
  readonly size: number
  readonly files: ReadonlyArray<{ readonly path: string }>
}

describe("npm pack", () => {
  it("makes a tarball that runs a plugin in an empty project", { timeout: 240_000 }, async (test) => {
    if (!(await registryAnswers())) {
      const reason = "npm pack: skipped, because no npm registry answers from which to install the dependencies"
      process.stderr.write(`${reason}\n`)
      test.skip(reason)
    }
    const temporary = await fs.mkdtemp(join(tmpdir(), "formae-pack-"))
    test.onTestFinished(() => fs.rm(temporary, { recursive: true, force: true }))

    const checkout = join(temporary, "checkout")
    await copyCheckout(checkout)
    const answer = await npm(checkout, "pack", "--json", "--foreground-scripts=false")
    const [packed]: readonly [Packed] = JSON.parse(answer.stdout)
    const paths = packed.files.map(({ path }) => path)
    const known = /^(bin|dist)\/|^(package\.json|LICENSE|README\.md|ARCHITECTURE\.md|PROTOCOL\.md)$/
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
      "dist/plugins/fake-aws/main.js",
      "LICENSE",
    ])
    assert.isBelow(packed.size, 400_000)

    const project = join(temporary, "project")
    await fs.mkdir(project)
    await fs.writeFile(join(project, "package.json"), `{ "private": true, "type": "module" }`)
    await fs.copyFile(join(root, "examples", "host.ts"), join(project, "host.ts"))
    const tarball = join(checkout, packed.filename)
    await npm(project, "install", tarball, "--prefer-offline", "--no-audit", "--no-fund")

    const forma = {
      targets: { cloud: { namespace: "FakeAWS", config: { cloud: join(project, "cloud.db"), region: "eu-west-1" } } },
      resources: [
        { label: "pictures", type: "FakeAWS::S3::Bucket", target: "cloud", properties: { BucketName: "pictures" } },
      ],
    }
    const plugins = join("node_modules", "formae", "dist", "plugins")
    const { stdout } = await node(project, "host.ts", plugins, JSON.stringify(forma))
    const result = JSON.parse(stdout)
    assert.strictEqual(result.status, "succeeded", stdout)
    assert.lengthOf(result.resources, 1, stdout)

    const found = await node(project, join("node_modules", ".bin", "formae"), "plugins")
    assert.include(found.stdout, join(plugins, "fake-aws", "main.js"))

    const modules = join(root, "node_modules")
    const flags = "--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck --module nodenext --target es2024"
    const nodeTypes = ["--types", "node", "--typeRoots", join(modules, "@types")]
    await node(project, join(modules, "typescript", "bin", "tsc"), ...flags.split(" "), ...nodeTypes, "host.ts")
  })
})
