import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { effectiveSettings } from "../../agent/configuration/effectiveSettings.ts"
import { describeOrigin, type Origin } from "../../agent/configuration/Setting.ts"
import { shownData, shownValue } from "../../agent/configuration/shownValue.ts"
import { readConfig } from "../AgentConfig.ts"
import { withFlags } from "../config/flagSettings.ts"
import { formatTable } from "../formatTable.ts"
import { printJson, printLast, stdoutWidth } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json, onlyPlugins, plugins, state, trust } from "../SharedFlags.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { validateConfig } from "./validateConfig.ts"

const columns = ["setting", { title: "value", shrink: "wrap" }, { title: "from", shrink: "cut" }] as const

const dataOf = (origin: Origin): object => {
  switch (origin._tag) {
    case "File":
      return { kind: "file", file: origin.file, ...origin.position() }
    case "Variable":
      return { kind: "variable", name: origin.name }
    case "Flag":
      return { kind: "flag", name: origin.name }
    case "Api":
      return { kind: "api", name: origin.name }
    case "Default":
      return { kind: "default" }
  }
}

export const showConfig = Command.make("config", { json, state, plugins, onlyPlugins, config, trust }, (flags) =>
  Effect.gen(function* () {
    const read = yield* readConfig(flags.config)
    yield* requireTrust(flags, read, [])
    const settings = effectiveSettings(withFlags(flags, read))
    yield* flags.json
      ? printJson({
          command: "config",
          status: "succeeded",
          settings: settings.map(({ origin, path, value }) => ({
            path,
            value: shownData(path, value),
            from: dataOf(origin),
          })),
        })
      : printLast(
          ...formatTable(
            columns,
            settings.map(({ origin, path, value }) => [
              path.join("."),
              shownValue(path, value),
              describeOrigin(origin),
            ]),
            yield* stdoutWidth,
          ),
        )
  }).pipe(withJsonError(flags.json, "config")),
).pipe(
  Command.withDescription(
    "Print each setting that holds, and where it comes from: a flag, an environment variable, a place in the configuration file, or the default. What may be secret is not shown",
  ),
  Command.withSubcommands([validateConfig]),
  Command.withExamples([
    { command: "formae config", description: "What holds in this folder" },
    { command: "formae config validate formae.config.yaml", description: "Check a configuration file" },
  ]),
)
