/** The types that the command writes for the plugins that it finds, and the compiler on programs that use them. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import { readFileSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { modelOf } from "../../src/cli/generate/ResourceModel.ts"
import { printTypeScript } from "../../src/cli/generate/printTypeScript.ts"
import { pluginsFolder } from "../bundles/folders.ts"
import { oddTypes } from "../cli/generate/oddTypes.ts"
import { makeFolder } from "./formaeCommand.ts"
import { root } from "./npm.ts"

/** What the compiler says about the program of a folder, under the strictest settings. */
const compile = (folder: string) =>
  Effect.callback<string>((resume) => {
    const compiler = join(root, "node_modules", "typescript", "bin", "tsc")
    const child = execFile(process.execPath, [compiler, "--project", folder], (_, stdout) =>
      resume(Effect.succeed(stdout)),
    )
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** A folder for a program that imports formae as it is in this repository. */
const makeProgramFolder = Effect.gen(function* () {
  const folder = yield* makeFolder
  symlinkSync(join(root, "node_modules"), folder.at("node_modules"))
  folder.write("package.json", `{ "type": "module" }`)
  folder.write("tsconfig.json", JSON.stringify({ extends: join(root, "tsconfig.json"), include: ["*.ts"] }))
  return folder
})

const program = `
import { Forma } from "formae/agent"
import { AWS, Azure, FakeAWS } from "./made/resources.ts"

const fake = Forma.target(FakeAWS.S3.Bucket, { label: "fake", config: { cloud: "./cloud.db", region: "here" } })
const aws = Forma.target(AWS.S3.Bucket, { label: "aws", config: { region: "us-east-1" } })
const pictures = Forma.resource(FakeAWS.S3.Bucket, { label: "pictures", target: fake, properties: { BucketName: "a" } })
export const logs = Forma.resource(AWS.S3.Bucket, {
  label: "logs",
  target: aws,
  properties: { BucketName: "logs", Tags: [{ Key: "of", Value: pictures.ref("Arn") }] },
})
export const queue = Azure.Storage.Queue
`

describe("formae types --typescript", () => {
  it.live("writes a module that the compiler accepts, and checks programs with", () =>
    Effect.gen(function* () {
      const { at, formae, textOf, write } = yield* makeProgramFolder
      const made = yield* formae("types", "--typescript", "--plugins", pluginsFolder, "--out", "made/resources.ts")
      assert.deepEqual(made, { code: 0, stdout: "", stderr: "" })
      const golden = readFileSync(join(root, "examples", "hosts", "FakeAWS.ts"), "utf8")
      const module = textOf("made/resources.ts")
      assert.include(module, golden.slice(golden.indexOf("/** The resource types")))

      write("made/odd.ts", printTypeScript(modelOf(oddTypes)))
      write("odd.ts", `export * from "./made/odd.ts"\n`)
      write("program.ts", program)
      assert.strictEqual(yield* compile(at(".")), "")

      write("program.ts", program.replace(`BucketName: "a"`, `BucketNam: "a"`).replace(`ref("Arn")`, `ref("Arm")`))
      const complaints = yield* compile(at("."))
      assert.match(complaints, /program\.ts\(\d+,\d+\): .*'BucketNam' does not exist/)
      assert.include(complaints, `"Arm"`)
    }),
  )

  it.live("prints the module without --out, and refuses what it cannot do", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("plugins/none", "")
      symlinkSync(join(pluginsFolder, "fake-aws"), at("plugins/fake-aws"))
      write("file", "")
      write("empty/none", "")
      const [printed, unnamed, none, unwritable] = yield* Effect.all(
        [
          formae("types", "--typescript", "--only-plugins", "plugins"),
          formae("types", "FakeAWS::S3::Bucket", "--typescript"),
          formae("types", "--typescript", "--only-plugins", "empty"),
          formae("types", "--typescript", "--plugins", "plugins", "--out", "file/resources.ts"),
        ],
        { concurrency: 2 },
      )
      assert.strictEqual(printed.stdout, readFileSync(join(root, "examples", "hosts", "FakeAWS.ts"), "utf8"))
      assert.deepEqual(unnamed, {
        code: 2,
        stdout: "",
        stderr: "--typescript writes all types, so it goes neither with a type nor with --json\n",
      })
      assert.deepEqual(none, {
        code: 2,
        stdout: "",
        stderr: "No plugins were found; name a plugin folder with --plugins\n",
      })
      assert.strictEqual(unwritable.code, 2)
      assert.match(unwritable.stderr, /^file\/resources\.ts cannot be written: /)
    }),
  )
})
