/** Remembers that a plugin that was added has served: its plugin has answered a handshake. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { isInside } from "../../agent/catalog/isInside.ts"
import { addedFolder, servedMark } from "./AddedStore.ts"

/** `directory` is that of its manifest. Nothing is done for a plugin from elsewhere. */
export const markServed = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* addedFolder
  if (folder === undefined || !isInside(path, folder, directory)) return
  const [version = ""] = path.relative(folder, directory).split(path.sep)
  // Where it cannot be written, the version before is kept for longer.
  yield* Effect.ignore(fs.writeFileString(servedMark(path, folder, version), "", { mode: 0o600 }))
})
