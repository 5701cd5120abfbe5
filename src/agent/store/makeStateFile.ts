/** Makes the file of a new state, and its folder. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { makeFolder } from "./DurableFolder.ts"
import { isReadOnlySystem } from "./fileReason.ts"
import { FileRefused } from "./FileRefused.ts"
import { noPlace, notWritable, readOnlySystem } from "./FileTrouble.ts"
import { StateFileMade } from "./StateFileMade.ts"

/** How a system answers where nothing can be made, such as below /proc or below a file. */
const noPlaceReasons: ReadonlySet<string> = new Set(["AlreadyExists", "BadResource", "NotFound"])

/**
 * Makes the file for its owner alone: SQLite would let everybody read it.
 * `original` is the file that it is a copy of, or itself.
 */
export const makeStateFile = Effect.fnUntraced(function* (file: string, original: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(path.resolve(file))
  const withoutPlace = (error: PlatformError) => {
    if (isReadOnlySystem(error)) return new FileRefused(readOnlySystem(folder))
    return noPlaceReasons.has(error.reason._tag) ? new FileRefused(noPlace(folder)) : error
  }
  yield* Effect.mapError(makeFolder(fs, path, folder), (error) =>
    error.reason._tag === "PermissionDenied"
      ? new FileRefused({ condition: "NotWritable", reason: "this user may not create its folder" })
      : withoutPlace(error),
  )
  yield* fs.writeFile(file, new Uint8Array(), { flag: "wx", mode: 0o600 }).pipe(
    // Another formae has just made it, or one that was killed right after it made it.
    Effect.catchIf(
      ({ reason }) => reason._tag === "AlreadyExists",
      () => Effect.void,
    ),
    Effect.mapError((error) =>
      error.reason._tag === "PermissionDenied" ? new FileRefused(notWritable("its folder")) : withoutPlace(error),
    ),
  )
  // A copy is nobody's state.
  if (file === original) yield* (yield* StateFileMade)(file)
})
