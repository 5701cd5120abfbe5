import { assert } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import { main } from "../../process/formaeCommand.ts"
import { AwsEmulator, onMoto } from "./AwsEmulator.ts"

const forma = fileURLToPath(new URL("every-type.yaml", import.meta.url))
const secret = "not-a-real-secret"

/** The same document with other labels. It says so of types whose native ids the provider chooses. */
const renamed = (document: string): string => {
  const chosen = [...document.matchAll(/- label: (\S+)\n\s+type: AWS::(EC2|DSQL)::/g)].map(([, label]) => label)
  const moved = chosen.map((label) => `  - { from: ${label}, to: new-${label} }\n`).join("")
  return `${document.replace(/(label: |\$ref: "?)/g, "$1new-")}\nmoved:\n${moved}`
}

onMoto("a document with every type of AWS on moto", (it) => {
  it.effect("is applied, found unchanged, and destroyed by the plugin as a process", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const document = yield* fs.readFileString(forma)
      for (const type of plugin.types.keys()) assert.include(document, `type: ${type}\n`)
      const count = plugin.types.size
      const cwd = yield* fs.makeTempDirectoryScoped({ prefix: "formae-every-type-" })
      const { endpoint } = yield* AwsEmulator
      const run = Effect.fnUntraced(function* (command: string, file: string) {
        const child = yield* ChildProcess.make(process.execPath, [main, command, file], {
          cwd,
          stdin: "ignore",
          extendEnv: true,
          env: { AWS_ENDPOINT_URL: endpoint },
        })
        const output = yield* child.all.pipe(Stream.decodeText, Stream.mkString)
        assert.strictEqual(yield* child.exitCode, 0, output)
        assert.notInclude(output, secret)
        return output
      }, Effect.scoped)

      assert.include(yield* run("apply", forma), `${count} created`)
      assert.include(yield* run("apply", forma), `Nothing to do: ${count} resources are already as wanted`)

      // P13: only the labels differ, so nothing is done at the provider.
      yield* fs.writeFileString(`${cwd}/renamed.yaml`, renamed(document))
      assert.include(yield* run("plan", "renamed.yaml"), `\n${count} to move\n`)
      assert.include(yield* run("apply", "renamed.yaml"), `\n${count} moved\n`)
      assert.include(yield* run("apply", "renamed.yaml"), `Nothing to do: ${count} resources are already as wanted`)
      const files = yield* fs.readDirectory(cwd, { recursive: true })
      assert.isNotEmpty(files.filter((file) => file.includes("state.db")))
      for (const file of files.filter((file) => file.includes("state.db"))) {
        const bytes = yield* fs.readFile(`${cwd}/${file}`)
        assert.isFalse(Buffer.from(bytes).includes(secret), file)
      }
      assert.include(yield* run("destroy", "renamed.yaml"), `${count} deleted`)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
