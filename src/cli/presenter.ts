/** Prints help and the mistakes in a command line. Stdout is for results: what the user did not ask for goes to stderr. */
import * as CliOutput from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"
import { printLast, printProgress } from "./Outputs.ts"
import { printJsonError } from "./printResult.ts"
import { wantsJson } from "./TypedWords.ts"
import { visible } from "./visible.ts"

type Invalid = CliOutput.Presenter.InvalidInvocation

const formatter = CliOutput.defaultFormatter({ colors: false })

/** A message quotes what was typed, or what a pattern of the shell has become: a file may have any name. */
const mistakes = (typed: ReadonlyArray<string>, errors: Invalid["errors"]): ReadonlyArray<string> =>
  typed.some((word) => word.includes("\n"))
    ? ["", "ERROR", ...errors.map(({ message }) => `  ${visible(message)}`)]
    : formatter.formatErrors(errors).split("\n")

const printUsageError = ({ commandPath, errors }: Invalid) =>
  printJsonError(commandPath.slice(1).join(" ") || "formae", "refused", {
    code: "UsageInvalid",
    message: errors.map(({ message }) => message).join("\n"),
  })

/** `typed` are the words of the command line. */
export const presenter = (typed: ReadonlyArray<string>): CliOutput.Presenter => ({
  present: (event) => {
    switch (event._tag) {
      case "Version":
        return Effect.ignore(printLast(formatter.formatVersion(event.name, event.version)))
      case "Help": {
        const help = formatter.formatHelpDoc(event.helpDoc).split("\n")
        return event.reason === "Requested" ? Effect.ignore(printLast(...help)) : printProgress(...help)
      }
      case "InvalidInvocation":
        return Effect.andThen(
          printProgress(...formatter.formatHelpDoc(event.helpDoc).split("\n"), ...mistakes(typed, event.errors)),
          wantsJson(typed) ? Effect.ignore(printUsageError(event)) : Effect.void,
        )
    }
  },
})
