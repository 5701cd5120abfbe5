/** The help of a command, within the width of a terminal if there is one. */
import type * as CliOutput from "effect/cli/CliOutput"
import * as Option from "effect/Option"
import { signalCodes } from "../../platform/stopSignals.ts"
import { exitCodes } from "../CommandFailure.ts"
import { type Line, type Span, span } from "../Line.ts"
import { widthOf, wrapWords } from "../textWidth.ts"

type Help = Pick<CliOutput.Presenter.Help, "helpDoc" | "commandPath">
type Doc = Help["helpDoc"]

/** What has no terminal is as wide as a page. */
const pageWidth = 100

/** More would be hard to read. */
const maxWidth = 120

/** Names that are longer have a line of their own. */
const maxNameWidth = 24

type Entry = readonly [name: string, text: string]

const indented = (lines: ReadonlyArray<string>, indent: number): ReadonlyArray<string> =>
  lines.map((line) => `${" ".repeat(indent)}${line}`)

/** Names, and beside them what they are. */
const entryLines = (entries: ReadonlyArray<Entry>, width: number): ReadonlyArray<Line> => {
  const names = entries.map(([name]) => widthOf(name)).filter((one) => one <= maxNameWidth)
  const column = 4 + Math.max(0, ...names)
  return entries.flatMap(([name, text]): ReadonlyArray<Line> => {
    const lines = wrapWords(text, Math.max(width - column, 20))
    const [first = "", ...others] = lines
    if (widthOf(name) > maxNameWidth) return [`  ${name}`, ...indented(lines, column)]
    return [`  ${name}${" ".repeat(column - 2 - widthOf(name))}${first}`.trimEnd(), ...indented(others, column)]
  })
}

const textOf = Option.getOrElse(() => "")

const flagEntry = ({ aliases, description, name, required, type }: Doc["flags"][number]): Entry => [
  `${[`--${name}`, ...aliases].join(", ")}${type === "boolean" ? "" : ` ${type}`}`,
  `${textOf(description)}${required ? " (required)" : ""}`,
]

const section = (title: string, lines: ReadonlyArray<Line>): ReadonlyArray<Line> =>
  lines.length === 0 ? [] : ["", title.toUpperCase(), ...lines]

const flagSection = (title: string, flags: Doc["flags"] | undefined, width: number): ReadonlyArray<Line> =>
  section(title, entryLines((flags ?? []).map(flagEntry), width))

const commandSections = ({ subcommands = [] }: Doc, width: number): ReadonlyArray<Line> =>
  subcommands.flatMap(({ commands, group = "commands" }) =>
    section(
      group,
      entryLines(
        commands.map(({ description, name, shortDescription }) => [
          name,
          shortDescription ?? firstSentence(description),
        ]),
        width,
      ),
    ),
  )

/** The help of the command itself has the rest. */
const firstSentence = (description: string): string => description.split(". ")[0] ?? ""

const exampleSection = ({ examples = [] }: Doc): ReadonlyArray<Line> =>
  section(
    "examples",
    examples.flatMap(({ command, description }): ReadonlyArray<Line> => [
      ...(description === undefined ? [] : [[span(`  # ${description}`, "quiet")] satisfies ReadonlyArray<Span>]),
      `  ${command}`,
    ]),
  )

const codes: ReadonlyArray<Entry> = [
  ["0", "done"],
  [String(exitCodes.failed), "something failed"],
  [String(exitCodes.badInput), "bad input, or the answer was no: nothing was done"],
  [String(exitCodes.changes), "a plan with --detailed-exitcode has something to do"],
  [String(signalCodes.SIGHUP), "stopped by SIGHUP: the terminal was closed"],
  [String(signalCodes.SIGINT), "stopped by SIGINT: Ctrl-C"],
  [String(signalCodes.SIGTERM), "stopped by SIGTERM"],
  [String(signalCodes.SIGBREAK), "stopped by SIGBREAK: Ctrl-Break, on Windows"],
]

/** What happens without it says too that it may be left out. */
const hasDefault = (description: string): boolean => description.includes("(default: ")

/** The help of a command. That of the whole command lists the exit codes too. */
export const formatHelp = ({ commandPath, helpDoc }: Help, terminalWidth = pageWidth): ReadonlyArray<Line> => {
  const width = Math.min(terminalWidth, maxWidth)
  const args = (helpDoc.args ?? []).map(({ description, name, required }): Entry => [
    `<${name}>`,
    `${textOf(description)}${required || hasDefault(textOf(description)) ? "" : " (may be left out)"}`,
  ])
  return [
    ...wrapWords(helpDoc.description, width),
    ...section("usage", [`  ${helpDoc.usage}`]),
    ...section("arguments", entryLines(args, width)),
    ...commandSections(helpDoc, width),
    ...flagSection("flags", helpDoc.flags, width),
    ...flagSection("flags of all its commands", helpDoc.inheritedFlags, width),
    ...flagSection("global flags", helpDoc.globalFlags, width),
    ...exampleSection(helpDoc),
    ...section("exit codes", commandPath.length === 1 ? entryLines(codes, width) : []),
  ]
}
