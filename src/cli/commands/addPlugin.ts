import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { addPackage } from "../added/addPackage.ts"
import { describeAdded } from "../added/describeAdded.ts"
import { parsePackageSpec } from "../added/PackageSpec.ts"
import { adviceAfterAdding } from "../advice/adviceForRunningAgent.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { badInput } from "../CommandFailure.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { json } from "../SharedFlags.ts"
import { findAgent } from "../staying/findAgent.ts"

const spec = Argument.String("package").pipe(
  Argument.withDescription(
    "The package: NAME, NAME@RANGE, or a tarball (.tgz). Without a range, it is the version that the registry calls the latest",
  ),
)

const readSpec = Effect.fnUntraced(function* (typed: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const read = parsePackageSpec(typed)
  if (read === undefined) {
    return yield* badInput(
      "PackageNameInvalid",
      `${typed} is neither the name of a package, such as @formae/plugin-aws or @formae/plugin-aws@^1.0.0, nor the path of a tarball, such as ./plugin-1.0.0.tgz. Nothing was changed`,
    )
  }
  if (read._tag === "Registry") return read
  const file = path.resolve(read.path)
  const isFile = yield* Effect.match(fs.stat(file), {
    onFailure: () => false,
    onSuccess: ({ type }) => type === "File",
  })
  return isFile
    ? { ...read, path: file }
    : yield* badInput("FileUnreadable", `There is no such tarball: ${file}. Nothing was changed`)
})

/** About the agent of this folder, if one runs. */
const agentNote = Effect.gen(function* () {
  const stateFile = stateFileOf({ state: Option.none() }, yield* readConfig(Option.none()))
  return (yield* findAgent(stateFile)) === undefined ? [] : [adviceAfterAdding(stateFile)]
}).pipe(Effect.orElseSucceed((): ReadonlyArray<string> => []))

export const addPlugin = Command.make("add", { spec, json }, (flags) =>
  Effect.gen(function* () {
    const { folder, plugin, plugins } = yield* addPackage(yield* readSpec(flags.spec), flags.spec)
    const { facts, lines } = yield* describeAdded(folder, plugin, plugins)
    yield* flags.json
      ? printJson({ command: "plugin add", status: "succeeded", plugins: [facts] })
      : printLast(...lines, ...(yield* agentNote))
  }).pipe(withJsonError(flags.json, "plugin add")),
).pipe(
  Command.withDescription(
    "Install a plugin for all of your folders, with npm. To name it is to say yes to it; its files are checked each time that it is used",
  ),
  Command.withExamples([
    { command: "formae plugin add @formae/plugin-aws", description: "Install the latest version, or upgrade to it" },
    { command: "formae plugin add ./plugin-1.0.0.tgz", description: "Install a tarball, as npm pack makes it" },
  ]),
)
