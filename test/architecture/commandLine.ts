/** What only makes sense at the command line: a command of formae, or a flag. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { root, textsOf, typescript } from "./sources.ts"

/** The names of the commands, such as `apply` and `plugins`. */
export const commandNames = (): ReadonlyArray<string> =>
  typescript("src/cli").flatMap((file) =>
    [
      ...readFileSync(join(root, file), "utf8").matchAll(
        /(?:Command\.make|(?:document|confirmed)Command)\("([a-z]+)"/g,
      ),
    ].flatMap(([, name]) => name ?? []),
  )

/** A plugin prints this when a human starts it: it has a command line of its own. */
const printsToItsUser = new Set(["src/plugin/runPlugin.ts"])

/** "The formae agent" is a program, and no command. */
const commandLine = new RegExp(
  `(?<!\\bthe )\\bformae (?:${commandNames().join("|")})\\b|(?<![\\w-])--[a-z][a-z-]*`,
  "g",
)

/** What is wrong with the texts of a module below the command, as sentences. */
export const commandLineObjections = (file: string, source: string): ReadonlyArray<string> =>
  file.startsWith("src/cli/") || printsToItsUser.has(file)
    ? []
    : textsOf(file, source)
        .flatMap((text) => text.match(commandLine) ?? [])
        // The flags of Node are for the processes that are started, not for the reader.
        .filter((named) => !process.allowedNodeEnvironmentFlags.has(named))
        .map((named) => `${file} names ${named}: state the fact, and leave the advice to src/cli/advice`)
