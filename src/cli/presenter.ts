/** Prints help and the mistakes in a command line. Stdout is for results: what the user did not ask for goes to stderr. */
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import { printLast, printLines, printMistakes, printProgressLines, stderrWidth, stdoutWidth } from "./Outputs.ts"
import { printJsonError } from "./printResult.ts"
import { wantsJson } from "./TypedWords.ts"
import { formatHelp } from "./usage/formatHelp.ts"
import { usageMistakes } from "./usage/usageMistake.ts"

type Invalid = CliOutput.Presenter.InvalidInvocation

const formatter = CliOutput.defaultFormatter({ colors: false })

const printUsageError = (invalid: Invalid) =>
  printJsonError(invalid.commandPath.slice(1).join(" ") || "formae", "refused", {
    code: "UsageInvalid",
    message: usageMistakes(invalid)
      .map(([wrong, wayOut]) => `${wrong}. ${wayOut}`)
      .join("\n"),
  })

/** `typed` are the words of the command line. */
export const presenter = (typed: ReadonlyArray<string>): CliOutput.Presenter => ({
  present: (event) => {
    switch (event._tag) {
      case "Version":
        return Effect.ignore(printLast(formatter.formatVersion(event.name, event.version)))
      case "Help":
        return event.reason === "Requested"
          ? Effect.ignore(Effect.flatMap(stdoutWidth, (width) => printLines(formatHelp(event, width))))
          : Effect.flatMap(stderrWidth, (width) => printProgressLines(formatHelp(event, width)))
      case "InvalidInvocation":
        return Effect.andThen(
          printMistakes(usageMistakes(event).flat()),
          wantsJson(typed) ? Effect.ignore(printUsageError(event)) : Effect.void,
        )
    }
  },
})
