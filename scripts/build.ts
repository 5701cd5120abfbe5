/**
 * `npm run build`: compiles src/ into dist/, with types. Bundles the command,
 * which then starts in a third of the time, and each plugin, which then runs
 * without node_modules. The FakeAWS plugin is copied into dist/, so that an
 * empty project that installs formae has a plugin to run. The others are packages
 * of their own, which have the types of their resources too.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schema from "effect/Schema"
import * as ChildProcess from "effect/process/ChildProcess"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { fileURLToPath } from "node:url"
import manifest from "../package.json" with { type: "json" }
import { bundleCommand, bundlePlugin, type Sizes } from "./bundle.ts"
import { removeInnerDeclarations } from "./release/publicDeclarations.ts"
import { writeResourceTypes } from "./release/writeResourceTypes.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** The plugins that the npm package ships. */
const packaged: ReadonlySet<string> = new Set(["fake-aws"])

class BuildFailed extends Schema.TaggedError<BuildFailed>("scripts/build/BuildFailed")("BuildFailed", {
  step: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    return `The build failed at ${this.step}: ${this.reason}`
  }
}

const tsc = Effect.fnUntraced(function* (...flags: ReadonlyArray<string>) {
  const spawner = yield* ChildProcessSpawner
  const code = yield* spawner.exitCode(
    ChildProcess.make(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", ...flags], {
      cwd: root,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }),
  )
  if (code !== 0) return yield* new BuildFailed({ step: "tsc", reason: "src/ has the errors listed above" })
})

/**
 * The docs are in the declarations, from which editors show them. In the code they
 * would only be larger. The types are checked once.
 */
const compile = Effect.andThen(
  tsc("--emitDeclarationOnly"),
  tsc("--declaration", "false", "--removeComments", "--noCheck"),
)

const attempt = <A>(step: string, work: () => Promise<A>) =>
  Effect.tryPromise({
    try: work,
    catch: (cause) => new BuildFailed({ step, reason: cause instanceof Error ? cause.message : String(cause) }),
  })

/** Writes a bundle into the folder `target`, after removing what is there. */
const replace = Effect.fnUntraced(function* (target: string, bundle: () => Promise<Sizes>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* fs.remove(target, { recursive: true, force: true })
  const step = path.relative(root, target)
  const sizes = yield* attempt(step, bundle)
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  yield* Console.log(`${step}/  ${(total / 1024).toFixed(0)} kB in ${sizes.size} files`)
})

const buildPlugin = Effect.fnUntraced(function* (name: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const source = path.join(root, "plugins", name)
  const target = path.join(source, "dist")
  yield* replace(target, () => bundlePlugin(source, target, root))
  if (packaged.has(name)) {
    yield* fs.copy(target, path.join(root, "dist", "plugins", name))
    yield* Console.log(`dist/plugins/${name}`)
    return
  }
  yield* attempt(`the types of ${name}`, () => writeResourceTypes(target, root))
})

const main = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* fs.remove(path.join(root, "dist"), { recursive: true, force: true })
  yield* compile
  yield* removeInnerDeclarations(root, manifest.exports)
  yield* Console.log("dist/  compiled from src/")
  const command = path.join(root, "dist", "cli")
  yield* replace(command, () => bundleCommand(command, root))
  const names = yield* Effect.filter((yield* fs.readDirectory(path.join(root, "plugins"))).toSorted(), (name) =>
    fs.exists(path.join(root, "plugins", name, "main.ts")),
  )
  yield* Effect.forEach(names, buildPlugin, { discard: true })
}).pipe(Effect.tapError((error) => Console.error(error.message)))

main.pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain({ disableErrorReporting: true }))
