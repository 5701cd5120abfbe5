/** Replaces the file of a document: the whole text is there afterwards, or what was there before. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import { fileReason } from "../../agent/store/fileReason.ts"
import { replaceFile } from "../../agent/store/replaceFile.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { readInput } from "../InputFile.ts"

/** `file` is a real path, so that a link stays one. Fails where the file is no longer as it was read. */
export const replaceDocument = Effect.fnUntraced(function* (
  file: string,
  before: string,
  after: string,
): Effect.fn.Return<void, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const refuse = (reason: string) =>
    badInput(
      "FileUnwritable",
      `${file} was not written: ${reason}. Nothing was created, changed or deleted at the provider. Run the same command again: it goes on from here`,
    )
  if ((yield* readInput("document", file)) !== before) return yield* refuse("somebody has changed it meanwhile")
  yield* fs.stat(file).pipe(
    Effect.flatMap(({ mode }) => replaceFile(file, after, mode & 0o777)),
    Effect.mapError((error) => refuse(fileReason(error))),
  )
})
