import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { readFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { CommandResult } from "../../src/agent/index.ts"
import { pluginsFolder } from "../bundles/folders.ts"
import { makeFolder } from "./formaeCommand.ts"

const pathOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

const forma = readFileSync(pathOf("examples/files.yaml"), "utf8")

/** Runs a program of the examples to its end. */
const runExample = (file: string, cwd: string, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const child = yield* ChildProcess.make(
      process.execPath,
      ["--conditions=formae-source", pathOf(`examples/${file}`), ...args],
      { cwd, extendEnv: true },
    )
    const [stdout = "", stderr = ""] = yield* Effect.forEach(
      [child.stdout, child.stderr],
      (stream) => Stream.mkString(Stream.decodeText(stream)),
      { concurrency: 2 },
    )
    return { code: yield* child.exitCode, stdout, stderr }
  }).pipe(Effect.scoped)

const runHost = (cwd: string, ...args: ReadonlyArray<string>) => runExample("hosts/applyDocument.ts", cwd, ...args)

describe("the examples of the README", () => {
  it.live("quote what the command prints", () =>
    Effect.gen(function* () {
      const readme = readFileSync(pathOf("README.md"), "utf8")
      const document = readFileSync(pathOf("examples/network.yaml"), "utf8")
      const { formae, write } = yield* makeFolder
      write("network.yaml", document)
      assert.include(readme, `\`\`\`\n${(yield* formae("plan", "network.yaml")).stdout}\`\`\`\n`)
      write("network.yaml", document.replace("net.VpcId", "nett.VpcId"))
      assert.include(readme, `\`${(yield* formae("plan", "network.yaml")).stderr.trimEnd()}\``)
    }),
  )

  it.live("run the plugin of one file in the host program", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
      const apply = Effect.gen(function* () {
        const { code, stderr, stdout } = yield* runHost(directory, pathOf("examples/plugins"), forma)
        assert.strictEqual(code, 0, stderr)
        return yield* Schema.decodeEffect(Schema.fromJsonString(CommandResult))(stdout)
      })

      const first = yield* apply
      assert.deepStrictEqual(
        first.resources.map(({ label, operation, status }) => [label, operation, status]),
        [
          ["note", "create", "succeeded"],
          ["index", "create", "succeeded"],
        ],
      )
      assert.strictEqual(yield* fs.readFileString(`${directory}/note.txt`), "hello")
      assert.match(yield* fs.readFileString(`${directory}/index.txt`), /\/note\.txt$/)

      const second = yield* apply
      assert.deepStrictEqual(
        second.resources.map(({ operation }) => operation),
        ["noop", "noop"],
      )

      const inventory = new DatabaseSync(`${directory}/state.db`, { readOnly: true })
      const ids = inventory.prepare("SELECT native_id FROM resources ORDER BY label").all()
      inventory.close()
      const real = yield* fs.realPath(directory)
      assert.deepStrictEqual(
        ids.map(({ native_id }) => native_id),
        [`${real}/index.txt`, `${real}/note.txt`],
      )

      const [unsaid, wrong, refused] = yield* Effect.all([
        runHost(directory),
        runHost(directory, pathOf("examples/plugins"), "targets: {}\nresources: [5]"),
        runHost(directory, pathOf("examples/plugins"), forma.replace("note.txt", "/dev/null/note.txt")),
      ])
      assert.deepEqual([unsaid.code, unsaid.stderr], [2, "usage: node applyDocument.ts PLUGIN_FOLDER DOCUMENT\n"])
      assert.strictEqual(wrong.code, 1)
      assert.include(wrong.stdout, "FormaUnreadable: 2:13 resources[0]: Expected object")
      assert.strictEqual(refused.code, 1)
      assert.include(refused.stdout, `"status":"failed"`)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )

  it.live("apply a forma that is declared in code", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
      const apply = runExample("hosts/typedForma.ts", directory, pluginsFolder)
      const first = yield* apply
      assert.strictEqual(first.stdout, "pictures create succeeded\nlogs create succeeded\n", first.stderr)
      assert.strictEqual((yield* apply).stdout, "pictures noop succeeded\nlogs noop succeeded\n")
      const cloud = new DatabaseSync(`${directory}/cloud.db`, { readOnly: true })
      const tagged = cloud.prepare("SELECT properties FROM resources WHERE native_id = 'logs'").get()
      cloud.close()
      assert.include(String(tagged?.["properties"]), "arn:aws:s3:::pictures")
      assert.strictEqual((yield* runExample("hosts/typedForma.ts", directory)).code, 2)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
