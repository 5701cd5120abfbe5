import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import type * as Effect from "effect/Effect"

const path = Argument.String("command").pipe(
  Argument.withDescription("The command, such as apply or plugin add"),
  Argument.atLeast(0),
)

/** The command that does what `--help` of another one does. `showHelp` gets the words of that one. */
export const makeHelp = <E, R>(showHelp: (path: ReadonlyArray<string>) => Effect.Effect<void, E, R>) =>
  Command.make("help", { path }, (flags) => showHelp(flags.path)).pipe(
    Command.withDescription("Show the help of a command"),
    Command.withExamples([{ command: "formae help plugin add", description: "The same as formae plugin add --help" }]),
  )

/** The words that show the help of a command, or that the parser refuses where there is no such command. */
export const wordsForHelp = (root: Command.Command.Any, path: ReadonlyArray<string>): ReadonlyArray<string> => {
  const known: Array<string> = []
  let command = root
  for (const word of path) {
    const commands = command.subcommands.flatMap((group) => group.commands)
    // What has no commands has only arguments.
    if (commands.length === 0) break
    const next = commands.find(({ name }) => name === word)
    if (next === undefined) return [...known, word]
    known.push(word)
    command = next
  }
  return [...known, "--help"]
}
