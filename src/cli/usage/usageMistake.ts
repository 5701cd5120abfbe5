/** A mistake in a command line in two lines: what is wrong, and the way out. */
import type * as CliOutput from "effect/cli/CliOutput"
import * as Option from "effect/Option"
import { nearestName } from "../../agent/forma/nearestName.ts"
import { adviceForFlag, commandFor } from "../advice/adviceForWord.ts"
import { visible } from "../visible.ts"

type Invalid = CliOutput.Presenter.InvalidInvocation
type UsageError = Invalid["errors"][number]

/** What is wrong, and the way out. */
export type Mistake = readonly [wrong: string, wayOut: string]

/** So many values are listed. */
const maxListed = 12

const quoted = (text: string): string => visible(JSON.stringify(text))

const alternatives = (names: ReadonlyArray<string>): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`

const meant = (name: string | undefined): string => (name === undefined ? "" : `Did you mean ${name}? `)

/** Where all is listed that the command takes. */
const helpFor = (command: string, what: string): string => `"${command} --help" lists its ${what}`

/** How the command is used: its first example, or its usage. */
const usageOf = ({ helpDoc }: Invalid): string => {
  const [example] = helpDoc.examples ?? []
  return example === undefined ? `Usage: ${helpDoc.usage}` : `For example: ${example.command}`
}

const metavarOf = ({ helpDoc }: Invalid, flag: string): string | undefined =>
  helpDoc.flags.find(({ name }) => name === flag)?.type

const descriptionOf = ({ helpDoc }: Invalid, argument: string): string => {
  const found = helpDoc.args?.find(({ name }) => name === argument)
  const text = found === undefined ? "" : Option.getOrElse(found.description, () => "")
  return text === "" ? "" : `: ${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

const commandMistake = (parent: string, subcommand: string, known: ReadonlyArray<string>): Mistake => {
  const nearest = nearestName(subcommand, known)
  const better =
    nearest === undefined ? (parent === "formae" ? commandFor(subcommand) : undefined) : `${parent} ${nearest}`
  return [
    `${parent} has no command ${quoted(subcommand)}`,
    `${meant(better === undefined ? undefined : `"${better}"`)}${helpFor(parent, "commands")}`,
  ]
}

const flagMistake = (command: string, option: string, suggestions: ReadonlyArray<string>): Mistake => {
  const advice = adviceForFlag(command, option)
  return [
    `${command} has no flag ${visible(option)}`,
    `${advice === undefined ? meant(suggestions[0]) : `${advice.replace(/([^?])$/, "$1.")} `}${helpFor(command, "flags")}`,
  ]
}

/** The values that a flag takes, where they are listed. */
const valuesIn = (expected: string): ReadonlyArray<string> =>
  Array.from(expected.matchAll(/"([^"]*)"/g), ([, value]) => value ?? "")

const valueMistake = (
  invalid: Invalid,
  command: string,
  { expected, kind, option, value }: Extract<UsageError, { _tag: "InvalidValue" }>,
): Mistake => {
  const name = kind === "argument" ? `<${option}>` : `--${option}`
  if (/^\d+ occurrences$/.test(value)) return [`${command} takes ${name} once`, usageOf(invalid)]
  if (value === "") {
    const metavar = metavarOf(invalid, option)
    return [
      `${name} needs a value`,
      `Write ${name}${metavar === undefined ? " VALUE" : ` ${metavar}`}. ${helpFor(command, "flags")}`,
    ]
  }
  const values = valuesIn(expected)
  const wrong = `${name} cannot be ${quoted(value)}`
  if (values.includes("true") && values.includes("false")) {
    return [wrong, `It needs no value: write ${name}, or ${name}=false`]
  }
  if (values.length === 0) {
    const plain = expected
      .replace(/^Expected:? /, "It must be ")
      .replace("a string representing a finite number", "a number")
    return [wrong, `${visible(plain)}. ${helpFor(command, "flags")}`]
  }
  return [wrong, `${meant(nearestName(value, values))}It can be ${alternatives(values.slice(0, maxListed))}`]
}

const mistakeOf = (invalid: Invalid, error: UsageError): Mistake => {
  const command = invalid.commandPath.join(" ")
  switch (error._tag) {
    case "UnknownSubcommand": {
      const known = (invalid.helpDoc.subcommands ?? []).flatMap(({ commands }) => commands.map(({ name }) => name))
      return commandMistake(error.parent?.join(" ") ?? command, error.subcommand, known)
    }
    case "UnrecognizedOption":
      return flagMistake(error.command?.join(" ") ?? command, error.option, error.suggestions)
    case "MissingArgument":
      return [`${command} needs <${error.argument}>${descriptionOf(invalid, error.argument)}`, usageOf(invalid)]
    case "MissingOption":
      return [`${command} needs --${error.option}`, usageOf(invalid)]
    case "UnexpectedArgument": {
      const words = error.arguments.map(quoted).join(", ")
      return [`${command} does not take ${words}`, `Usage: ${invalid.helpDoc.usage}`]
    }
    case "InvalidValue":
      return valueMistake(invalid, command, error)
    default:
      return [visible(error.message), helpFor(command, "flags")]
  }
}

/** Two lines for each mistake. What was typed is made visible: a file may have any name. */
export const usageMistakes = (invalid: Invalid): ReadonlyArray<Mistake> =>
  invalid.errors.map((error) => mistakeOf(invalid, error))
