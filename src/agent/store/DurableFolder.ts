/** Folders that survive a power failure: a file is only as durable as its entry in its folder. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"

/** Brings the entries of a folder to the disk. A system that cannot do this for folders does not need it. */
export const syncFolder = (fs: FileSystem.FileSystem, folder: string): Effect.Effect<void> =>
  Effect.ignore(Effect.scoped(Effect.flatMap(fs.open(folder, { flag: "r" }), ({ sync }) => sync)))

/** Makes a folder and its missing parents, for the owner alone unless `mode` says otherwise. */
export const makeFolder = Effect.fnUntraced(function* (
  fs: FileSystem.FileSystem,
  path: Path.Path,
  folder: string,
  mode = 0o700,
): Effect.fn.Return<void, PlatformError> {
  const missing: Array<string> = []
  let ancestor = folder
  while (ancestor !== path.dirname(ancestor) && !(yield* Effect.orElseSucceed(fs.exists(ancestor), () => true))) {
    missing.push(ancestor)
    ancestor = path.dirname(ancestor)
  }
  // One by one: where a file system makes no folders, such as /proc, the recursive form of Node never ends.
  for (const made of missing.toReversed()) {
    yield* Effect.catchIf(
      fs.makeDirectory(made, { mode }),
      // Another process has just made it.
      ({ reason }) => reason._tag === "AlreadyExists",
      () => Effect.void,
    )
    yield* syncFolder(fs, path.dirname(made))
  }
})
