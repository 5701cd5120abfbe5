import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { makeFolder } from "../../agent/store/DurableFolder.ts"
import { readConfig } from "../AgentConfig.ts"
import { badInput } from "../CommandFailure.ts"
import { printTypeScript } from "../generate/printTypeScript.ts"
import { modelOf } from "../generate/ResourceModel.ts"
import { printLast } from "../Outputs.ts"
import { pluginFolders } from "../pluginFolders.ts"
import { withJsonError } from "../printResult.ts"
import { type AgentFlags, config, json, onlyPlugins, plugins, trust } from "../SharedFlags.ts"
import { askPlugins } from "../types/askPlugins.ts"
import { showTypes } from "../types/showTypes.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { textFlag } from "../textFlag.ts"

const typescript = Flag.Boolean("typescript").pipe(
  Flag.withDescription("Write TypeScript: a module for Forma.resource of formae/agent"),
  Flag.withDefault(false),
)

const out = textFlag("out").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("The file to write; it is replaced if it exists (default: stdout)"),
  Flag.optional,
)

const write = Effect.fnUntraced(function* (file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  yield* makeFolder(fs, path, path.dirname(path.resolve(file)), 0o777).pipe(
    Effect.andThen(fs.writeFileString(file, text)),
    Effect.mapError(({ message }) => badInput("FileUnwritable", `${file} cannot be written: ${message}`)),
  )
})

const type = Argument.String("type").pipe(
  Argument.withDescription("The resource type to show, such as AWS::S3::Bucket (default: a list of all)"),
  Argument.optional,
)

const printModule = Effect.fnUntraced(function* (
  flags: Parameters<typeof pluginFolders>[0] & Pick<AgentFlags, "config"> & { readonly out: Option.Option<string> },
) {
  const settings = yield* readConfig(flags.config)
  const types = yield* askPlugins(yield* pluginFolders(flags, settings), settings, "all")
  const text = printTypeScript(modelOf(types))
  yield* Option.match(flags.out, {
    onNone: () => printLast(...text.trimEnd().split("\n")),
    onSome: (file) => write(file, text),
  })
})

export const generateTypes = Command.make(
  "types",
  { type, json, typescript, out, plugins, onlyPlugins, config, trust },
  (flags) =>
    Effect.gen(function* () {
      const settings = yield* readConfig(flags.config)
      yield* requireTrust(flags, settings, ["plugins"])
      if (flags.typescript) {
        if (flags.json || Option.isSome(flags.type)) {
          return yield* badInput(
            "FlagsConflict",
            "--typescript writes all types, so it goes neither with a type nor with --json",
          )
        }
        return yield* printModule(flags)
      }
      if (Option.isSome(flags.out)) {
        return yield* badInput("FlagsConflict", "--out is the file for --typescript")
      }
      yield* showTypes(yield* pluginFolders(flags, settings), settings, flags)
    }).pipe(Effect.scoped, withJsonError(flags.json, "types")),
).pipe(
  Command.withDescription(
    "List the resource types of plugins, or show one: its properties, and an example of a document. Or write them as types of a programming language, so that its compiler checks a forma that is built in code",
  ),
  Command.withExamples([
    { command: "formae types", description: "List all types" },
    { command: "formae types AWS::S3::Bucket", description: "Show the properties of a type, and an example" },
    {
      command: "formae types --typescript --only-plugins .formae/plugins --out resources.ts",
      description: "Write the types of the plugins in a folder",
    },
  ]),
)
