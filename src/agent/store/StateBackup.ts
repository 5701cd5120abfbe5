/** A copy of a state file from before its tables are changed to those of this version. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import * as SemVer from "effect/SemVer"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { agentVersion } from "../version.ts"
import { syncFolder } from "./DurableFolder.ts"
import { syncFile } from "./syncFile.ts"

/** Never that of an earlier copy. */
const freeName = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const name = `${file}.before-${SemVer.format(agentVersion)}`
  let number = 1
  while (true) {
    const candidate = number === 1 ? name : `${name}.${number}`
    if (!(yield* fs.exists(candidate))) return candidate
    number += 1
  }
})

/**
 * Copies the open database to a new file next to `file`, for its owner alone,
 * and brings it to the disk. The whole copy is there, or none.
 */
export const backUp = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, PlatformError | SqlError, FileSystem.FileSystem | Path.Path | Scope.Scope | SqlClient> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const sql = yield* SqlClient
  const folder = path.dirname(path.resolve(file))
  const draft = path.join(yield* fs.makeTempDirectoryScoped({ directory: folder, prefix: "formae-backup-" }), "copy")
  // SQLite would let everybody read it, but keeps the mode of an empty file.
  yield* fs.writeFile(draft, new Uint8Array(), { flag: "wx", mode: 0o600 })
  yield* sql`VACUUM INTO ${draft}`
  yield* syncFile(fs, draft)
  const copy = yield* freeName(file)
  yield* fs.rename(draft, copy)
  yield* syncFolder(fs, folder)
  return copy
}, Effect.scoped)
