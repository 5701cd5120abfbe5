/** Writes the file of a document: the whole text is there afterwards, or what was there before. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { syncFolder } from "../../agent/store/DurableFolder.ts"
import { fileReason } from "../../agent/store/fileReason.ts"
import { replaceFile } from "../../agent/store/replaceFile.ts"
import { syncFile } from "../../agent/store/syncFile.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { readInput } from "../InputFile.ts"

/** As an editor would make it: others may read it where the folder lets them. */
const newMode = 0o644

/** Makes a file, as a whole. Fails where there is one. */
const makeFile = Effect.fnUntraced(function* (file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(file)
  const draft = path.join(yield* fs.makeTempDirectoryScoped({ directory: folder, prefix: "new-" }), "draft")
  yield* fs.writeFileString(draft, text, { flag: "wx", mode: newMode })
  yield* syncFile(fs, draft)
  yield* Effect.catchIf(
    fs.link(draft, file),
    ({ reason }) => reason._tag !== "AlreadyExists",
    // Not every file system has links.
    () => fs.writeFileString(file, text, { flag: "wx", mode: newMode }),
  )
  yield* syncFolder(fs, folder)
}, Effect.scoped)

/**
 * `file` is a real path, so that a link stays one. `before` is what it had when
 * it was read, and undefined where it was not there. Fails where that is no
 * longer so.
 */
export const replaceDocument = Effect.fnUntraced(function* (
  file: string,
  before: string | undefined,
  after: string,
): Effect.fn.Return<void, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const refuse = (reason: string) =>
    badInput(
      "FileUnwritable",
      `${file} was not written: ${reason}. Nothing was created, changed or deleted at the provider. Run the same command again: it goes on from here`,
    )
  const refuseFor = (error: PlatformError) =>
    refuse(error.reason._tag === "AlreadyExists" ? "somebody has made it meanwhile" : fileReason(error))
  if (before === undefined) return yield* Effect.mapError(makeFile(file, after), refuseFor)
  if ((yield* readInput("document", file)) !== before) return yield* refuse("somebody has changed it meanwhile")
  yield* fs.stat(file).pipe(
    Effect.flatMap(({ mode }) => replaceFile(file, after, mode & 0o777)),
    Effect.mapError(refuseFor),
  )
})
