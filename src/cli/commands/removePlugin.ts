import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { removePackage } from "../added/removePackage.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { json } from "../SharedFlags.ts"

const name = Argument.String("name").pipe(
  Argument.withDescription("The name of the package, or of the plugin in it, as `formae plugin list` has it"),
)

export const removePlugin = Command.make("remove", { name, json }, (flags) =>
  Effect.gen(function* () {
    const removed = yield* removePackage(flags.name)
    const { name, version } = { name: removed.name, version: removed.current.version }
    yield* flags.json
      ? printJson({ command: "plugin remove", status: "succeeded", plugins: [{ package: name, version }] })
      : printLast(`Removed ${name} ${version}. What it has created stays as it is, in the state and at the provider`)
  }).pipe(withJsonError(flags.json, "plugin remove")),
).pipe(Command.withDescription("Remove a plugin that `formae plugin add` has installed"))
