/** Where the entry of a plugin really is: a link could lead out of the folder that somebody has looked at. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { reasonOf } from "./manifestText.ts"
import { isInside } from "./isInside.ts"
import { unportable } from "./portablePath.ts"

/**
 * The real path of `entry`, which is relative to the plugin's folder. Fails with
 * the reason, in words, where there is no such file or where it is outside.
 */
export const findEntry = Effect.fnUntraced(function* (
  folder: string,
  entry: string,
): Effect.fn.Return<string, string, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const reason = unportable(entry)
  if (reason !== undefined) return yield* Effect.fail(`its entry ${entry} ${reason}`)
  const named = path.resolve(folder, entry)
  if (!isInside(path, path.resolve(folder), named)) {
    return yield* Effect.fail(`its entry ${entry} leads out of its folder`)
  }
  const real = yield* Effect.mapError(fs.realPath(named), (error) =>
    error.reason._tag === "NotFound"
      ? `its entry ${entry} does not exist`
      : `its entry ${entry} cannot be reached: ${reasonOf(error)}`,
  )
  const realFolder = yield* Effect.orElseSucceed(fs.realPath(folder), () => folder)
  if (!isInside(path, realFolder, real)) {
    return yield* Effect.fail(`its entry ${entry} leads out of its folder, to ${real}`)
  }
  return real
})
