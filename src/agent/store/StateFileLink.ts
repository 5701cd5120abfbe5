/** A state file that is named by a link: the key, the log and the lock belong to the file that the link leads to. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { FileRefused } from "./FileRefused.ts"
import { brokenLink, linkLoop } from "./FileTrouble.ts"

/**
 * The file that `file` leads to, through any number of links. Gives `file`
 * itself where it is not a link, whether it exists or not. Fails where a link
 * leads to nothing, or back to itself.
 */
export const followLinks = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, FileRefused, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const seen = new Set<string>()
  let current = file
  while (true) {
    const target = yield* Effect.option(fs.readLink(current))
    if (target._tag === "None") break
    seen.add(current)
    current = path.resolve(path.dirname(current), target.value)
    if (seen.has(current)) return yield* new FileRefused(linkLoop)
  }
  if (current === file) return file
  // The folders on the way may be links too.
  return yield* Effect.mapError(fs.realPath(current), () => new FileRefused(brokenLink(current)))
})
