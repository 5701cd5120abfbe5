/** A temporary copy of a state file. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { logOf } from "./FileCheck.ts"
import { FileRefused } from "./FileRefused.ts"
import { folderReason, temporaryFolderIn } from "./fileReason.ts"
import { changing, noPlaceForCopy } from "./FileTrouble.ts"

/** A copy that is made while another process writes may mix the old content with the new, and is made again. */
const copySchedule = Schedule.upTo(Schedule.spaced("50 millis"), { times: 20 })

/** Where a copy of the file may be: a folder of its own, which is removed when the scope closes. */
const placeOfCopy = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, FileRefused, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* Effect.mapError(
    fs.makeTempDirectoryScoped({ prefix: "formae-read-" }),
    (error) => new FileRefused(noPlaceForCopy(temporaryFolderIn(path, error), folderReason(error))),
  )
  return path.join(folder, path.basename(file))
})

/** What is copied may be one that its owner cannot write, and the copy is written to. It is too large to be held in memory. */
const copyForOwner = Effect.fnUntraced(function* (from: string, to: string) {
  const fs = yield* FileSystem.FileSystem
  // Otherwise a copy of before keeps its rights.
  yield* fs.remove(to, { force: true })
  yield* fs.copyFile(from, to)
  yield* fs.chmod(to, 0o600)
})

/** Copies the file and the log next to it, for this user alone. The originals are not changed. */
export const copyOf = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, FileRefused | PlatformError, FileSystem.FileSystem | Path.Path | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const copy = yield* placeOfCopy(file)
  const stamp = Effect.forEach([file, logOf(file)], (name) =>
    Effect.match(fs.stat(name), {
      onFailure: () => "missing",
      onSuccess: ({ mtime, size }) => `${size} ${Option.getOrUndefined(mtime)?.getTime()}`,
    }),
  )
  const copyOnce = Effect.gen(function* () {
    const before = yield* stamp
    yield* copyForOwner(file, copy)
    yield* copyForOwner(logOf(file), logOf(copy)).pipe(
      Effect.catchIf(
        ({ reason }) => reason._tag === "NotFound",
        () => fs.remove(logOf(copy), { force: true }),
      ),
    )
    const after = yield* stamp
    if (before.join() !== after.join()) return yield* new FileRefused(changing)
  })
  yield* Effect.retry(copyOnce, { schedule: copySchedule, while: ({ _tag }) => _tag === "FileRefused" })
  return copy
})
