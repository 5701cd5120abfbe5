/** Plugins that are packages: found among the dependencies of the project, and used once somebody has said yes. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { chownSync, cpSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { pluginsFolder } from "../../bundles/folders.ts"
import { type CommandFolder, makeFolder } from "../formaeCommand.ts"
import { resultOf } from "../jsonOutput.ts"

const field = { plugin: "./dist/formae-plugin.json" }

/** A package that serves what FakeAWS serves, in a later version. */
const bringPackage = ({ at, textOf, write }: CommandFolder, folder: string, fields: object = { formae: field }) => {
  cpSync(join(pluginsFolder, "fake-aws"), at(`${folder}/dist`), { recursive: true })
  const manifest = JSON.parse(textOf(`${folder}/dist/formae-plugin.json`))
  write(`${folder}/dist/formae-plugin.json`, JSON.stringify({ ...manifest, version: "0.2.1" }))
  write(`${folder}/package.json`, JSON.stringify({ name: "cloud-plugin", version: "0.2.1", ...fields }))
}

const bringProject = ({ write }: CommandFolder, ...dependencies: ReadonlyArray<string>) =>
  write(
    "package.json",
    JSON.stringify({ private: true, dependencies: Object.fromEntries(dependencies.map((name) => [name, "*"])) }),
  )

const network = `targets:
  fake: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: us-east-1 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: fake, properties: { CidrBlock: 10.0.0.0/16 } }
`

/** A folder for what the command remembers, which no other test sees. */
const ownRecords = ({ at, formaeAs }: CommandFolder) => formaeAs({}, { XDG_STATE_HOME: at("records") })

const entryOf = (stdout: string): string | undefined =>
  JSON.parse(stdout).plugins.find(({ namespace }: { readonly namespace: string }) => namespace === "FakeAWS")?.entry

/** In the folder of the test, and so not the one that comes with formae. */
const isPackage = (entry: string | undefined) => /formae-cli-/.test(entry ?? "")

describe("P18: a plugin that is a package", () => {
  it.live("is used after a yes, and again without one until a file of it changes", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { at, write } = folder
      bringPackage(folder, "node_modules/cloud-plugin")
      bringProject(folder, "cloud-plugin")
      const formae = ownRecords(folder)
      const project = realpathSync(at("."))

      write("net.yaml", network)
      const refused = yield* formae("plan", "net.yaml")
      assert.strictEqual(refused.code, 2)
      assert.include(refused.stderr, `The folder ${project} is not trusted`)
      assert.include(refused.stderr, "the plugin fake-aws 0.2.1 for the namespace FakeAWS, in place of fake-aws")
      assert.include(refused.stderr, `runs ${project}/node_modules/cloud-plugin/dist/main.mjs`)

      const granted = yield* formae("trust", ".")
      assert.strictEqual(granted.code, 0, granted.stderr)
      const applied = yield* Effect.flatMap(formae("apply", "net.yaml", "--json"), resultOf)
      assert.strictEqual(applied.status, "apply succeeded")
      const found = yield* formae("plugins", "--json")
      assert.strictEqual(entryOf(found.stdout), `${project}/node_modules/cloud-plugin/dist/main.mjs`)

      write("node_modules/cloud-plugin/dist/main.mjs", 'throw new Error("it ran")\n')
      const changed = yield* formae("plan", "net.yaml")
      assert.strictEqual(changed.code, 2)
      assert.include(changed.stderr, "changed since you trusted it: dist/main.mjs")
      assert.notInclude(changed.stderr, "it ran")
    }),
  )

  it.live("is not looked for where the package.json belongs to another user", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { at, write } = folder
      write("package.json", "left by another user")
      chownSync(at("package.json"), 12_345, 12_345)
      write("deep/net.yaml", network)
      const planned = yield* ownRecords(folder)("plan", "deep/net.yaml")
      assert.strictEqual(planned.code, 0, planned.stderr)
    }),
  )

  it.live("that runs other packages too is asked for again when the lock file changes", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { write } = folder
      bringPackage(folder, "node_modules/cloud-plugin", { formae: field, dependencies: { sdk: "1.0.0" } })
      bringPackage(folder, "node_modules/alone")
      bringProject(folder, "cloud-plugin")
      write("package-lock.json", "{}")
      write("net.yaml", network)
      const formae = ownRecords(folder)
      assert.strictEqual((yield* formae("trust", ".")).code, 0)
      write("package-lock.json", "{ }")
      const changed = yield* formae("plan", "net.yaml")
      assert.strictEqual(changed.code, 2)
      assert.match(changed.stderr, /changed since you trusted it: the lock file \S+package-lock\.json/)

      bringProject(folder, "alone")
      assert.strictEqual((yield* formae("trust", ".")).code, 0)
      write("package-lock.json", "{  }")
      assert.strictEqual((yield* formae("plan", "net.yaml")).code, 0, "what is in one folder needs no lock file")
    }),
  )

  it.live.each([
    ["from a folder below the project", "below", (folder: CommandFolder) => mkdirSync(folder.at("below"))],
    [
      "in the node_modules of a workspace above",
      "app",
      ({ at, textOf, write }: CommandFolder) => {
        write("app/package.json", textOf("package.json"))
        rmSync(at("package.json"))
      },
    ],
    [
      "through a link, as pnpm makes them",
      ".",
      ({ at }: CommandFolder) => {
        const store = at("store/cloud-plugin")
        cpSync(at("node_modules/cloud-plugin"), store, { recursive: true })
        rmSync(at("node_modules/cloud-plugin"), { recursive: true })
        symlinkSync(store, at("node_modules/cloud-plugin"))
      },
    ],
  ] as const)("is found %s", ([, from, prepare]) =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      bringPackage(folder, "node_modules/cloud-plugin")
      bringProject(folder, "cloud-plugin")
      prepare(folder)
      const project = folder.at(from === "app" ? "app" : ".")
      const formae = folder.formaeAs({}, { XDG_STATE_HOME: folder.at("records") }, from)
      const { code, stderr, stdout } = yield* formae("plugins", "--json", "--trust", project)
      assert.strictEqual(code, 0, stderr)
      assert.isTrue(isPackage(entryOf(stdout)), stdout)
    }),
  )

  it.live("is not looked for where the project does not depend on it, or its field is missing", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      bringPackage(folder, "node_modules/not-mine")
      bringPackage(folder, "node_modules/no-field", {})
      bringProject(folder, "no-field", "not-installed")
      const { code, stderr, stdout } = yield* ownRecords(folder)("plugins", "--json")
      assert.strictEqual(code, 0, stderr)
      assert.isFalse(isPackage(entryOf(stdout)), stdout)
    }),
  )

  it.live.each([
    ["is missing", { formae: { plugin: "./formae-plugin.json" } }],
    ["leads out of the package", { formae: { plugin: "../../elsewhere/formae-plugin.json" } }],
  ] as const)("is rejected with its place if its manifest %s", ([, fields]) =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      bringPackage(folder, "node_modules/cloud-plugin", fields)
      bringPackage(folder, "elsewhere")
      cpSync(folder.at("elsewhere/dist/formae-plugin.json"), folder.at("elsewhere/formae-plugin.json"))
      bringProject(folder, "cloud-plugin")
      const { code, stdout, stderr } = yield* ownRecords(folder)("plugins", "--json")
      assert.strictEqual(code, 0, stderr)
      assert.isFalse(isPackage(entryOf(stdout)), stdout)
      const { rejected } = JSON.parse(stdout)
      const manifest = join(realpathSync(folder.at(".")), "node_modules/cloud-plugin/formae-plugin.json")
      assert.deepEqual(rejected, [{ path: manifest, reason: "it does not exist" }])
    }),
  )

  it.live("is out of reach where package.json is not one, and the command says so", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      folder.write("package.json", "{ not JSON")
      const formae = ownRecords(folder)
      const { code, stderr } = yield* formae("plugins")
      assert.strictEqual(code, 2)
      assert.include(stderr, `${realpathSync(folder.at("."))}/package.json cannot be read`)
      assert.strictEqual((yield* formae("plugins", "--only-plugins", pluginsFolder)).code, 0)
    }),
  )
})
