/**
 * Prints what the word at the cursor can be, a line for each, for the script of a
 * shell. It starts no plugin, changes nothing, uses nothing that is not trusted,
 * and is silent where something is wrong: somebody is typing.
 */
import type * as Command from "effect/cli/Command"
import * as Completions from "effect/cli/Completions"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { printLines } from "../Outputs.ts"
import { layerUnasked } from "../trust/layerUnasked.ts"
import { visible } from "../visible.ts"
import type { Completable } from "./Completable.ts"
import { environmentsBeside, labelsOfDocument } from "./documentNames.ts"
import { shippedTypes } from "./shippedTypes.ts"
import { type AskingShell, shellScript } from "./shellScript.ts"
import { namesInState } from "./stateNames.ts"
import { completableIn, readLine, type TypedLine } from "./TypedLine.ts"

const stateFlags = ({ flags }: TypedLine) => ({
  state: Option.fromUndefinedOr(flags.get("--state")?.at(-1)),
  config: Option.fromUndefinedOr(flags.get("--config")?.at(-1)),
  trust: flags.get("--trust") ?? [],
})

const namesOf = (kind: Completable, line: TypedLine) => {
  const [file] = line.arguments
  switch (kind) {
    case "documentLabels":
      return file === undefined ? Effect.succeed([]) : labelsOfDocument(file)
    case "environments":
      return environmentsBeside(file)
    case "types":
      return Effect.map(
        Effect.orElseSucceed(namesInState(stateFlags(line), kind, line.word), (): ReadonlyArray<string> => []),
        (found) => [...shippedTypes, ...found],
      )
    default:
      return namesInState(stateFlags(line), kind, line.word)
  }
}

/** The program's own words and the word at the cursor, as a shell hands them on: the index of that one, and then all of them. */
export const complete = (root: Command.Command.Any, [index = "", ...words]: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const line = readLine(Completions.fromCommand(root), words, Number(index))
    const kind = completableIn(line)
    if (kind === undefined) return
    const names = new Set(yield* namesOf(kind, line))
    // What a terminal would not show as it is cannot be typed either.
    const fitting = [...names].filter((name) => name.startsWith(line.word) && visible(name) === name)
    if (fitting.length > 0) yield* printLines(fitting.toSorted().map((name) => line.before + name))
  }).pipe(Effect.provide(layerUnasked), Effect.ignoreCause)

/** Prints the script of a shell. */
export const printScript = (shell: AskingShell, root: Command.Command.Any) =>
  printLines(shellScript(shell, Completions.fromCommand(root)).split("\n"))
