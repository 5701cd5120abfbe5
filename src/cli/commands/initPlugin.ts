import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { printJson, printLast } from "../Outputs.ts"
import { json } from "../SharedFlags.ts"
import { withJsonError } from "../printResult.ts"
import { nextSteps } from "../project/nextSteps.ts"
import { writePluginProject } from "../PluginProject.ts"
import { textFlag } from "../textFlag.ts"

const name = Argument.String("name").pipe(
  Argument.withDescription("The plugin's name: lowercase letters, digits and dashes"),
)

const dir = textFlag("dir").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription("The folder to create; it may exist if it is empty (default: the plugin's name)"),
  Flag.optional,
)

const namespace = textFlag("namespace").pipe(
  Flag.withMetavar("NAMESPACE"),
  Flag.withDescription(
    "The namespace that the plugin serves, such as MyCloud (default: derived from the plugin's name)",
  ),
  Flag.optional,
)

const formae = textFlag("formae").pipe(
  Flag.withMetavar("SPEC"),
  Flag.withDescription(
    "The formae package that the project depends on, as a version, file or URL for npm (default: this formae)",
  ),
  Flag.optional,
)

export const initPlugin = Command.make("init", { name, dir, namespace, formae, json }, (flags) =>
  Effect.gen(function* () {
    const { directory, files, unpacked } = yield* writePluginProject({
      name: flags.name,
      directory: Option.getOrElse(flags.dir, () => flags.name),
      namespace: Option.getOrUndefined(flags.namespace),
      formae: Option.getOrUndefined(flags.formae),
    })
    yield* flags.json
      ? printJson({ command: "plugin init", status: "succeeded", directory, files })
      : printLast(
          `Created a plugin in ${directory}:`,
          ...files.map((file) => `  ${file}`),
          "",
          ...nextSteps(directory, unpacked),
        )
  }).pipe(withJsonError(flags.json, "plugin init")),
).pipe(
  Command.withDescription("Create a plugin project that installs, builds, passes the conformance kit and runs"),
  Command.withExamples([
    { command: "formae plugin init my-cloud", description: "Create a plugin for the namespace MyCloud in ./my-cloud" },
  ]),
)
