/** Reads a forma from a file, and says where in the file something is wrong. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Path from "effect/Path"
import { type Forma, type FormaInvalid, type FormaSource, readForma } from "../agent/index.ts"
import { formatIssue } from "../protocol/index.ts"
import { badInput, type CommandEnded } from "./CommandEnded.ts"

export interface FormaFile {
  readonly forma: Forma
  /** The issues as lines: `net.yaml:7:12 resources[1].target: ...`. */
  readonly refuse: (error: FormaInvalid) => CommandEnded
}

export const readFormaFile = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<FormaFile, CommandEnded, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const text = yield* Effect.mapError(fs.readFileString(file), (error) =>
    badInput(`The forma ${file} can not be read: ${describeReadError(error)}`),
  )
  const refuseAt = (locate: FormaSource["locate"]) => (error: FormaInvalid) =>
    badInput(
      error.issues
        .map((issue) => {
          const position = locate(issue.path)
          const place = position === undefined ? file : `${file}:${position.line}:${position.column}`
          return `${place} ${formatIssue(issue)}`
        })
        .join("\n"),
    )
  const source = yield* Effect.mapError(readForma(text, nameFrom(path.parse(file).name)), ({ error, locate }) =>
    refuseAt(locate)(error),
  )
  return { forma: source.forma, refuse: refuseAt(source.locate) }
})

const describeReadError = (error: PlatformError): string =>
  error.reason._tag === "NotFound" ? "there is no such file" : error.message

/** A file's name as the name of a forma: what a label can not hold becomes a dash. */
const nameFrom = (base: string): string => {
  const cleaned = base.replaceAll(/[^A-Za-z0-9_-]/g, "-")
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `_${cleaned}`
}
