/** Reads a forma from a file, and says where in the file something is wrong. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { type Forma, type FormaInvalid, placeIssues, readForma } from "../agent/index.ts"
import type { CommandEnded } from "./CommandFailure.ts"
import { mistakesIn, readInput } from "./InputFile.ts"

export interface FormaFile {
  readonly forma: Forma
  /** The issues as lines: `net.yaml:7:12 resources[1].target: ...`. */
  readonly refuse: (error: FormaInvalid) => CommandEnded
}

export const readFormaFile = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<FormaFile, CommandEnded, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const text = yield* readInput("forma", file)
  const refuse = mistakesIn("FormaInvalid", file)
  const { forma, locate } = yield* Effect.mapError(readForma(text, nameFrom(path.parse(file).name)), ({ issues }) =>
    refuse(issues),
  )
  return { forma, refuse: ({ issues }) => refuse(placeIssues(issues, locate)) }
})

/** A file's name as the name of a forma: what a label can not hold becomes a dash. */
const nameFrom = (base: string): string => {
  const cleaned = base.replaceAll(/[^A-Za-z0-9_-]/g, "-")
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `_${cleaned}`
}
