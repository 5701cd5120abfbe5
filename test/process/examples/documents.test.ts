import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { readFileSync, realpathSync, writeFileSync } from "node:fs"
import { CommandResult } from "../../../src/agent/index.ts"
import { makeFolder } from "../formaeCommand.ts"
import { inFolder, pathOf } from "./exampleFolder.ts"

const forma = readFileSync(pathOf("examples/files.yaml"), "utf8")
const plugins = pathOf("examples/plugins")

/** The path of a new document with this text. */
const documentIn = (folder: string, text: string, name = "files"): string => {
  const path = `${folder}/${name}.yaml`
  writeFileSync(path, text)
  return path
}

describe("the documents of examples/", () => {
  it.live("are planned as the README quotes it", () =>
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

  it.live("are applied by the host program with the plugin of one file", () =>
    inFolder(({ folder, rowsOf, runWith }) =>
      Effect.gen(function* () {
        const apply = Effect.gen(function* () {
          const { code, stderr, stdout } = yield* runWith("applyDocument.ts", plugins, documentIn(folder, forma))
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
        assert.strictEqual(readFileSync(`${folder}/note.txt`, "utf8"), "hello")
        assert.match(readFileSync(`${folder}/index.txt`, "utf8"), /\/note\.txt$/)

        const second = yield* apply
        assert.deepStrictEqual(
          second.resources.map(({ operation }) => operation),
          ["noop", "noop"],
        )
        const real = realpathSync(folder)
        assert.deepStrictEqual(yield* rowsOf("state.db", "SELECT native_id FROM resources ORDER BY label"), [
          `${real}/index.txt`,
          `${real}/note.txt`,
        ])
      }),
    ),
  )

  it.live("are refused by the host program if they have a mistake", () =>
    inFolder(({ folder, runWith }) =>
      Effect.gen(function* () {
        const [unsaid, wrong, refused] = yield* Effect.all([
          runWith("applyDocument.ts"),
          runWith("applyDocument.ts", plugins, documentIn(folder, "targets: {}\nresources: [5]", "wrong")),
          runWith(
            "applyDocument.ts",
            plugins,
            documentIn(folder, forma.replace("note.txt", "/dev/null/note.txt"), "refused"),
          ),
        ])
        assert.deepEqual([unsaid.code, unsaid.stderr], [2, "usage: node applyDocument.ts PLUGIN_FOLDER DOCUMENT\n"])
        assert.strictEqual(wrong.code, 1)
        assert.include(wrong.stdout, "FormaUnreadable: 2:13 resources[0]: Expected object")
        assert.strictEqual(refused.code, 1)
        assert.include(refused.stdout, `"status":"failed"`)
      }),
    ),
  )
})
