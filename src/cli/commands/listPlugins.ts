import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { isOutdated, listAdded, listedFacts } from "../added/listAdded.ts"
import { adviceForOutdated } from "../advice/adviceForAdded.ts"
import { printJson, printLast, stdoutWidth } from "../Outputs.ts"
import { addedTable } from "../pluginTables.ts"
import { withJsonError } from "../printResult.ts"
import { json } from "../SharedFlags.ts"

const outdated = Flag.Boolean("outdated").pipe(
  Flag.withDescription("Ask the registry, and list only those of which there is a newer version"),
  Flag.withDefault(false),
)

export const listPlugins = Command.make("list", { outdated, json }, (flags) =>
  Effect.gen(function* () {
    const all = yield* listAdded(flags.outdated)
    const shown = flags.outdated ? all.filter(isOutdated) : all
    if (flags.json) {
      return yield* printJson({ command: "plugin list", status: "succeeded", plugins: shown.map(listedFacts) })
    }
    if (shown.length === 0) {
      return yield* printLast(
        all.length === 0
          ? "You have added no plugins; formae plugin add NAME installs one"
          : "All plugins that you have added are the newest that the registry has",
      )
    }
    const advice = flags.outdated
      ? ["", ...shown.map(({ newest, plugin }) => adviceForOutdated(plugin.name, newest?.latest ?? "latest"))]
      : []
    yield* printLast(...addedTable(shown, flags.outdated, yield* stdoutWidth), ...advice)
  }).pipe(withJsonError(flags.json, "plugin list")),
).pipe(Command.withDescription("List the plugins that `formae plugin add` has installed"))
