/** Writes a file as a whole: for this user alone, unless it says otherwise. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { syncFolder } from "./DurableFolder.ts"
import { syncFile } from "./syncFile.ts"

/** The whole text is there afterwards, or what was there before. Its folder must exist. */
export const replaceFile = Effect.fnUntraced(function* (file: string, text: string, mode = 0o600) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(path.resolve(file))
  const draft = path.join(yield* fs.makeTempDirectoryScoped({ directory: folder, prefix: "new-" }), "draft")
  yield* fs.writeFileString(draft, text, { flag: "wx", mode: 0o600 })
  if (mode !== 0o600) yield* fs.chmod(draft, mode)
  yield* syncFile(fs, draft)
  yield* fs.rename(draft, file)
  yield* syncFolder(fs, folder)
}, Effect.scoped)
