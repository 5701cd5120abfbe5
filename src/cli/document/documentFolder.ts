/** Reads the files that a document puts in, and the documents that it uses. They are in its folder, or below it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import { FileRefused, type FoundDocument } from "../../agent/index.ts"
import { fileReason } from "../../agent/store/fileReason.ts"
import { decodeUtf8 } from "../decodeUtf8.ts"

const mebibyte = 1024 * 1024

/** What is read, and how much of it at most. */
interface Kind {
  readonly noun: string
  readonly mebibytes: number
  readonly rule: string
}

const textFile: Kind = { noun: "file", mebibytes: 1, rule: "can have only such files put into it" }
const partDocument: Kind = { noun: "document", mebibytes: 16, rule: "can use only such documents" }

/** Whether a path leads from a folder to something in it. Both are absolute, with links resolved. */
export const isInside = (path: Path.Path, folder: string, file: string): boolean => {
  const between = path.relative(folder, file)
  return between !== "" && between !== ".." && !between.startsWith(`..${path.sep}`) && !path.isAbsolute(between)
}

/** The text of a file, and its path with links resolved. */
const readInside = Effect.fnUntraced(function* (
  folder: string,
  name: string,
  { mebibytes, noun, rule }: Kind,
): Effect.fn.Return<{ readonly real: string; readonly text: string }, FileRefused, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const refuse = (reason: string) => new FileRefused({ reason })
  const cannot = (reason: string) =>
    refuse(`the ${noun} ${name} cannot be read: ${reason}; its path is from the folder of the document that names it`)
  const outside = refuse(
    `the ${noun} ${name} is not in the folder of the document, ${folder}, or a link leads out of it; a document ${rule}`,
  )
  const named = path.resolve(folder, name)
  // Nothing is said of what is elsewhere, not even whether it is there.
  if (!isInside(path, folder, named)) return yield* outside
  const real = yield* Effect.mapError(fs.realPath(named), (error) => cannot(fileReason(error)))
  if (!isInside(path, folder, real)) return yield* outside
  const { size, type } = yield* Effect.mapError(fs.stat(real), (error) => cannot(fileReason(error)))
  if (type !== "File") return yield* cannot(type === "Directory" ? "it is a folder" : "it is not a regular file")
  if (size > BigInt(mebibytes * mebibyte)) return yield* cannot(`it has more than ${mebibytes} MiB`)
  const bytes = yield* Effect.mapError(fs.readFile(real), (error) => cannot(fileReason(error)))
  const text = yield* Effect.fromResult(Result.mapError(decodeUtf8(bytes), cannot))
  return { real, text }
})

/** A reader of texts for one folder, whose path is absolute, with links resolved. */
export const fileReader = (folder: string) => (name: string) =>
  Effect.map(readInside(folder, name, textFile), ({ text }) => text)

/** The path of a file from a folder, with slashes. */
export const pathInFolder = (path: Path.Path, folder: string, file: string): string =>
  path.relative(folder, file).replaceAll(path.sep, "/")

/** A reader of documents for one such folder. `shown` is how the folder is named to the user. */
export const documentReader = (folder: string, shown: string) =>
  Effect.fnUntraced(function* (
    name: string,
  ): Effect.fn.Return<FoundDocument, FileRefused, FileSystem.FileSystem | Path.Path> {
    const path = yield* Path.Path
    const { real, text } = yield* readInside(folder, name, partDocument)
    return { path: pathInFolder(path, folder, real), file: path.join(shown, path.relative(folder, real)), text }
  })
