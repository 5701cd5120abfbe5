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
import { threeClouds } from "../test/sdk/emulators/threeClouds.ts"

class StepFailed extends Data.TaggedError("StepFailed")<{ readonly command: string; readonly exitCode: number }> {
  override get message(): string {
    return `formae ${this.command} ended with exit code ${this.exitCode}`
  }
}

const main = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const formae = yield* path.fromFileUrl(new URL("../bin/formae.js", import.meta.url))

  const { document, endpoints, environment } = yield* threeClouds
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "formae-start-" })
  yield* Console.log(`AWS is emulated by dynalite (${endpoints.dynamodb}) and fauxqs (${endpoints.others}),`)
  yield* Console.log(`Azure by azurite (${endpoints.storage}) and cosmosdb-server (${endpoints.cosmos})`)
  const file = path.join(directory, "three-clouds.yaml")
  yield* fs.writeFileString(file, document)

  /** Runs one command in the temporary folder, with the emulators in the role of AWS. */
  const run = Effect.fnUntraced(function* (step: string, command: string, ...args: ReadonlyArray<string>) {
    yield* Console.log(`\n── ${step}\n$ formae ${[command, ...args].map((arg) => path.basename(arg)).join(" ")}\n`)
    const child = yield* ChildProcess.make(process.execPath, [formae, command, ...args], {
      cwd: directory,
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
      extendEnv: true,
      // What formae remembers of the folder goes with it.
      env: { ...environment, XDG_STATE_HOME: path.join(directory, "user") },
    })
    const exitCode = yield* child.exitCode
    if (exitCode !== 0) return yield* new StepFailed({ command, exitCode })
  }, Effect.scoped)

  yield* run("What an apply would do", "plan", file)
  yield* run("Apply it: three plugins, each a process of its own", "apply", file)
  yield* run("Apply it again: there is nothing to do", "apply", file)
  yield* run("What exists now", "inventory")
  yield* run("Destroy everything", "destroy", file)
  yield* Console.log(
    "\nEverything is deleted again. The document is examples/three-clouds.yaml; README.md says how to continue.",
  )
}).pipe(Effect.scoped)

main.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
