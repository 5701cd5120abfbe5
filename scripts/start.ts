/**
 * A tour of formae on a machine without a cloud: starts emulators of AWS and
 * Azure, and runs the formae command on three-clouds.yaml as a user would.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as ChildProcess from "effect/process/ChildProcess"
import { azurite } from "../test/sdk/emulators/azurite.ts"
import { cosmosdb } from "../test/sdk/emulators/cosmosdb.ts"
import { dynalite } from "../test/sdk/emulators/dynalite.ts"
import { fauxqs } from "../test/sdk/emulators/fauxqs.ts"

class StepFailed extends Data.TaggedError("StepFailed")<{ readonly command: string; readonly exitCode: number }> {
  override get message(): string {
    return `formae ${this.command} ended with exit code ${this.exitCode}`
  }
}

/** How long a table takes to become active: long enough to be noticed. */
const tableMillis = 600

/** Where the emulators of Azure listen by default. */
const defaults = { storage: "UseDevelopmentStorage=true", cosmos: "http://127.0.0.1:8081" }

const main = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const formae = yield* path.fromFileUrl(new URL("../bin/formae.js", import.meta.url))
  const example = yield* path.fromFileUrl(new URL("../examples/three-clouds.yaml", import.meta.url))

  const dynamodb = yield* dynalite(tableMillis)
  const others = yield* fauxqs
  const cosmos = yield* cosmosdb
  const { blobEndpoint, connectionString } = yield* azurite
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "formae-start-" })
  yield* Console.log(`AWS is emulated by dynalite (${dynamodb.endpoint}) and fauxqs (${others.endpoint}),`)
  yield* Console.log(`Azure by azurite (${blobEndpoint}) and cosmosdb-server (${cosmos.endpoint})`)

  // The document has the default ports of the emulators of Azure; here they listen on free ports.
  const document = path.join(directory, path.basename(example))
  const text = yield* fs.readFileString(example)
  yield* fs.writeFileString(
    document,
    text.replace(defaults.storage, connectionString).replace(defaults.cosmos, cosmos.endpoint),
  )

  /** Runs one command in the temporary folder, with the emulators in the role of AWS. */
  const run = Effect.fnUntraced(function* (step: string, command: string, ...args: ReadonlyArray<string>) {
    yield* Console.log(`\n── ${step}\n$ formae ${[command, ...args].map((arg) => path.basename(arg)).join(" ")}\n`)
    const child = yield* ChildProcess.make(process.execPath, [formae, command, ...args], {
      cwd: directory,
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
      extendEnv: true,
      env: {
        AWS_ACCESS_KEY_ID: "example",
        AWS_SECRET_ACCESS_KEY: "example",
        AWS_ENDPOINT_URL: others.endpoint,
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
        // What formae remembers of the folder goes with it.
        XDG_STATE_HOME: path.join(directory, "user"),
      },
    })
    const exitCode = yield* child.exitCode
    if (exitCode !== 0) return yield* new StepFailed({ command, exitCode })
  }, Effect.scoped)

  yield* run("What an apply would do", "plan", document)
  yield* run("Apply it: three plugins, each a process of its own", "apply", document)
  yield* run("Apply it again: there is nothing to do", "apply", document)
  yield* run("What exists now", "inventory")
  yield* run("Destroy everything", "destroy", document)
  yield* Console.log(
    "\nEverything is deleted again. The document is examples/three-clouds.yaml; README.md says how to continue.",
  )
}).pipe(Effect.scoped)

main.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
