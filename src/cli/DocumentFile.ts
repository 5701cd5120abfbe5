/** Reads a document: the file that states a forma. Its mistakes are reported with their places in the file. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { type Forma, type FormaInvalid, placeIssues, readForma } from "../agent/index.ts"
import type { CommandFailure } from "./CommandFailure.ts"
import { readInput, invalidFile } from "./InputFile.ts"

export interface DocumentFile {
  readonly forma: Forma
  /** The issues as lines: `net.yaml:7:12 resources[1].target: ...`. */
  readonly refuse: (error: FormaInvalid) => CommandFailure
}

/** Reads and decodes `file`. The name of the file, without its extension, is the name of a forma that has none. */
export const readDocument = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<DocumentFile, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const text = yield* readInput("document", file)
  const refuse = invalidFile("FormaInvalid", file)
  const { forma, locate } = yield* Effect.mapError(readForma(text, nameFrom(path.parse(file).name)), ({ issues }) =>
    refuse(issues),
  )
  return { forma, refuse: ({ issues }) => refuse(placeIssues(issues, locate)) }
})

/** Turns the name of a file into the name of a forma: what a label cannot contain becomes a dash. */
const nameFrom = (base: string): string => {
  const cleaned = base.replaceAll(/[^A-Za-z0-9_-]/g, "-")
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `_${cleaned}`
}
