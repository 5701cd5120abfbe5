import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { CommandResult } from "../../src/agent/index.ts"

const pathOf = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))

const forma = `
targets: { here: { namespace: Local } }
resources:
  - { label: note, type: Local::Disk::TextFile, target: here, properties: { Path: note.txt, Content: hello } }
  - { label: index, type: Local::Disk::TextFile, target: here, properties: { Path: index.txt, Content: { $ref: note.AbsolutePath } } }
`

describe("the examples of the README", () => {
  it.live("the host program runs the plugin of one file", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
      const runHost = Effect.gen(function* () {
        const child = yield* ChildProcess.make(
          process.execPath,
          ["--conditions=formae-source", pathOf("examples/host.ts"), pathOf("examples/plugins"), forma],
          { cwd: directory, extendEnv: true },
        )
        const [stdout = "", stderr = ""] = yield* Effect.forEach(
          [child.stdout, child.stderr],
          (stream) => Stream.mkString(Stream.decodeText(stream)),
          { concurrency: 2 },
        )
        assert.strictEqual(yield* child.exitCode, 0, stderr)
        return yield* Schema.decodeUnknownEffect(Schema.fromJsonString(CommandResult))(stdout)
      }).pipe(Effect.scoped)

      const first = yield* runHost
      assert.deepStrictEqual(
        first.resources.map(({ label, operation, status }) => [label, operation, status]),
        [
          ["note", "create", "succeeded"],
          ["index", "create", "succeeded"],
        ],
      )
      assert.strictEqual(yield* fs.readFileString(`${directory}/note.txt`), "hello")
      assert.match(yield* fs.readFileString(`${directory}/index.txt`), /\/note\.txt$/)

      const second = yield* runHost
      assert.deepStrictEqual(
        second.resources.map(({ operation }) => operation),
        ["noop", "noop"],
      )
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
