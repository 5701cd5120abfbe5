/** An empty folder in which the programs of examples/ run, from their source, with the plugin of FakeAWS. */
import { assert } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { pluginsFolder } from "../../bundles/folders.ts"
import { columnIn } from "../rows.ts"

export const pathOf = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url))

const tutorial = readFileSync(pathOf("docs/embedding.md"), "utf8")

/** The tutorial shows exactly this output. */
export const assertQuoted = (output: string) => assert.include(tutorial, `\`\`\`\n${output}\`\`\`\n`)

/** A key, as `openssl rand -hex 32` makes them. */
const hostKey = "5e".repeat(32)

const programOf = (file: string, cwd: string, args: ReadonlyArray<string>) =>
  ChildProcess.make(process.execPath, ["--conditions=formae-source", pathOf(`examples/hosts/${file}`), ...args], {
    cwd,
    extendEnv: true,
    env: { HOST_KEY: hostKey, PORT: "0" },
  })

export const makeExampleFolder = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
  const runWith = (file: string, ...args: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const child = yield* programOf(file, folder, args)
      const [stdout = "", stderr = ""] = yield* Effect.forEach(
        [child.stdout, child.stderr],
        (stream) => Stream.mkString(Stream.decodeText(stream)),
        { concurrency: 2 },
      )
      return { code: yield* child.exitCode, stdout, stderr, lines: stdout.trimEnd().split("\n") }
    }).pipe(Effect.scoped)
  return {
    folder,
    /** Starts a program without waiting for its end. */
    begin: (file: string) => programOf(file, folder, [pluginsFolder]),
    /** Runs a program to its end with the given arguments. */
    runWith,
    /** Runs a program to its end with the folder of plugins. */
    run: (file: string) => runWith(file, pluginsFolder),
    /** The buckets and other resources that the cloud has, by native id. */
    cloud: columnIn(`${folder}/cloud.db`, "SELECT native_id FROM resources ORDER BY native_id"),
    /** The creates that the cloud was asked for, those that did nothing included. */
    creates: columnIn(`${folder}/cloud.db`, "SELECT native_id FROM calls WHERE operation = 'create' ORDER BY seq"),
    /** The first column of each row in a database of the folder. */
    rowsOf: (file: string, sql: string) => columnIn(`${folder}/${file}`, sql),
  }
})

/** Ends the folder with the test. */
export const inFolder = <A, E>(
  test: (folder: Effect.Success<typeof makeExampleFolder>) => Effect.Effect<A, E, NodeServices.NodeServices>,
) => Effect.flatMap(makeExampleFolder, test).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
