import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { readConfigurationFile } from "../config/configurationFile.ts"
import { refuseBadState } from "../config/refuseBadState.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { json } from "../SharedFlags.ts"

const file = Argument.String("file").pipe(Argument.withDescription("The configuration file, in YAML or JSON"))

export const validateConfig = Command.make("validate", { file, json }, (flags) =>
  Effect.gen(function* () {
    const { settings } = yield* readConfigurationFile(flags.file)
    yield* refuseBadState(settings)
    const count = settings.length === 1 ? "1 setting" : `${settings.length} settings`
    yield* flags.json
      ? printJson({
          command: "config validate",
          status: "succeeded",
          file: flags.file,
          settings: settings.map(({ path }) => ({ path })),
        })
      : printLast(`The configuration ${flags.file} is valid: ${count}`)
  }).pipe(withJsonError(flags.json, "config validate")),
).pipe(
  Command.withDescription(
    "Check a configuration file. Whether plugins know the settings that it has for them shows only when they start",
  ),
  Command.withExamples([
    {
      command: "formae config validate formae.config.yaml",
      description: "The exit code is 2 if the file has mistakes; each is printed with its place",
    },
  ]),
)
