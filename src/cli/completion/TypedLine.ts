/** A command line that is not finished, taken apart as far as completion needs it. Pure. */
import type { CommandDescriptor } from "effect/cli/Completions"
import { argumentsOf, type Completable, flagsOf } from "./Completable.ts"

export interface TypedLine {
  /** The command and what it is a part of, such as `plugin add`. */
  readonly command: string
  readonly arguments: ReadonlyArray<string>
  /** The values of flags, by their names with dashes. */
  readonly flags: ReadonlyMap<string, ReadonlyArray<string>>
  /** The flag whose value is the word at the cursor. Undefined where that word is no such value. */
  readonly openFlag: string | undefined
  /** What is typed of the word at the cursor. */
  readonly word: string
  /** What stands before it in the same word of the shell, such as `--env=`. */
  readonly before: string
}

/** A shell hands words on as they are typed, with their quotes. */
const unquoted = (word: string): string => word.replaceAll(/[\\"']/g, "")

const takesValue = ({ flags }: CommandDescriptor, name: string): boolean =>
  flags.some((flag) => `--${flag.name}` === name && flag.type._tag !== "Boolean")

const splitFlag = (word: string): readonly [name: string, value: string | undefined] => {
  const at = word.indexOf("=")
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

/** `words` has the program first; the cursor is in the one at `index`. */
export const readLine = (root: CommandDescriptor, words: ReadonlyArray<string>, index: number): TypedLine => {
  let command = root
  const path: Array<string> = []
  const values: Array<string> = []
  const flags = new Map<string, ReadonlyArray<string>>()
  let openFlag: string | undefined
  const give = (name: string, value: string) => flags.set(name, [...(flags.get(name) ?? []), value])
  for (const word of words.slice(1, index).map(unquoted)) {
    const below = command.subcommands.find(({ name }) => name === word)
    if (openFlag !== undefined) {
      give(openFlag, word)
      openFlag = undefined
    } else if (word.startsWith("-") && word !== "-") {
      const [name, value] = splitFlag(word)
      if (value !== undefined) give(name, value)
      else if (takesValue(command, name)) openFlag = name
    } else if (below !== undefined && values.length === 0) {
      command = below
      path.push(word)
    } else values.push(word)
  }
  const last = unquoted(words[index] ?? "")
  const [name, value] = last.startsWith("--") && openFlag === undefined ? splitFlag(last) : ["", undefined]
  const line = { command: path.join(" "), arguments: values, flags }
  return value === undefined
    ? { ...line, openFlag, word: last, before: "" }
    : { ...line, openFlag: name, word: value, before: `${name}=` }
}

/** What the word at the cursor is the name of. Undefined where formae does not know. */
export const completableIn = (line: TypedLine): Completable | undefined => {
  if (line.openFlag !== undefined) return flagsOf.get(line.openFlag)
  if (line.word.startsWith("-")) return undefined
  return argumentsOf.get(line.command)?.[line.arguments.length] ?? undefined
}
