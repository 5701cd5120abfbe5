/** Files that are there also after the power went: a file is only as durable as its entry in its folder. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"

/** Where a system can not do this for folders, they need no such thing. */
export const syncFolder = (fs: FileSystem.FileSystem, folder: string): Effect.Effect<void> =>
  Effect.ignore(Effect.scoped(Effect.flatMap(fs.open(folder, { flag: "r" }), ({ sync }) => sync)))

/** Makes a folder and those that it is in, for the owner alone. */
export const makeFolder = Effect.fnUntraced(function* (
  fs: FileSystem.FileSystem,
  path: Path.Path,
  folder: string,
): Effect.fn.Return<void, PlatformError> {
  const missing: Array<string> = []
  let there = folder
  while (there !== path.dirname(there) && !(yield* Effect.orElseSucceed(fs.exists(there), () => true))) {
    missing.push(there)
    there = path.dirname(there)
  }
  yield* fs.makeDirectory(folder, { recursive: true, mode: 0o700 })
  for (const made of missing) yield* syncFolder(fs, path.dirname(made))
})
