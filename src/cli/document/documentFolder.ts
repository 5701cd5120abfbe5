/** Reads the files that a document puts in. They are in its folder, or below it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import { FileRefused } from "../../agent/index.ts"
import { fileReason } from "../../agent/store/fileReason.ts"
import { decodeUtf8 } from "../decodeUtf8.ts"

const maxBytes = 1024 * 1024

/** Whether a path leads from a folder to something in it. Both are absolute, with links resolved. */
export const isInside = (path: Path.Path, folder: string, file: string): boolean => {
  const between = path.relative(folder, file)
  return between !== "" && between !== ".." && !between.startsWith(`..${path.sep}`) && !path.isAbsolute(between)
}

/** A reader for one folder, whose path is absolute, with links resolved. */
export const fileReader = (folder: string) =>
  Effect.fnUntraced(function* (name: string): Effect.fn.Return<string, FileRefused, FileSystem.FileSystem | Path.Path> {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const refuse = (reason: string) => new FileRefused({ reason })
    const cannot = (reason: string) => refuse(`the file ${name} cannot be read: ${reason}`)
    const outside = refuse(
      `the file ${name} is not in the folder of the document, ${folder}, or a link leads out of it; a document can have only such files put into it`,
    )
    const named = path.resolve(folder, name)
    // Nothing is said of what is elsewhere, not even whether it is there.
    if (!isInside(path, folder, named)) return yield* outside
    const real = yield* Effect.mapError(fs.realPath(named), (error) => cannot(fileReason(error)))
    if (!isInside(path, folder, real)) return yield* outside
    const { size, type } = yield* Effect.mapError(fs.stat(real), (error) => cannot(fileReason(error)))
    if (type !== "File") return yield* cannot(type === "Directory" ? "it is a folder" : "it is not a regular file")
    if (size > BigInt(maxBytes)) return yield* cannot(`it has more than ${maxBytes / 1024 / 1024} MiB`)
    const bytes = yield* Effect.mapError(fs.readFile(real), (error) => cannot(fileReason(error)))
    return yield* Effect.mapError(Effect.fromResult(Result.mapError(decodeUtf8(bytes), cannot)), (error) => error)
  })
