/** A backup of a state file, which may be made while an agent writes to it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { constants, copyFileSync } from "node:fs"
import { backup, DatabaseSync } from "node:sqlite"
import { checkRights } from "./checkRights.ts"
import { syncFolder } from "./DurableFolder.ts"
import { checkContent, checkFiles, keyOf, refuseLoss } from "./FileCheck.ts"
import type { FileRefused } from "./FileRefused.ts"
import * as NodeSqlite from "./NodeSqlite.ts"
import { refuseForeign } from "./refuseForeign.ts"
import { followLinks } from "./StateFileLink.ts"
import { syncFile } from "./syncFile.ts"

/** A backup was not made: there is already something in its place, or nothing to copy. */
export class BackupRefused extends Schema.TaggedError<BackupRefused>("formae/agent/store/BackupRefused")(
  "BackupRefused",
  {
    /** The path of the state file. */
    file: Schema.String,
    /** The path of the backup. */
    backup: Schema.String,
    /** Why, in words. */
    reason: Schema.String,
  },
) {
  override get message(): string {
    return `The state file ${this.file} was not copied to ${this.backup}: ${this.reason}`
  }
}

/** A backup that was made. */
export interface Backup {
  /** The path of the backup. */
  readonly backup: string
  /** Its size in bytes. */
  readonly bytes: number
  /** The path of the key of its secrets, which is not in it. */
  readonly key: string
}

/** All pages in one step: after each step another process may write, and then SQLite would begin again. */
const allPages = 2 ** 31 - 1

const copyPages = (file: string, draft: string): Effect.Effect<void, SqlError> =>
  Effect.tryPromise({
    try: async () => {
      const source = new DatabaseSync(file, { readOnly: true })
      try {
        await backup(source, draft, { rate: allPages })
      } finally {
        source.close()
      }
    },
    catch: NodeSqlite.sqlErrorOf(file)("backup"),
  })

const copyNew = (from: string, to: string) =>
  Effect.try({
    try: () => copyFileSync(from, to, constants.COPYFILE_EXCL),
    catch: (error): Pick<NodeJS.ErrnoException, "code" | "message"> => {
      const { code, message } = error as NodeJS.ErrnoException
      return { message, ...(code === undefined ? {} : { code }) }
    },
  })

/**
 * Copies the state as it is at one moment to a new file, for its owner alone,
 * checks that the copy can be opened and is not damaged, and brings it to the
 * disk. The whole copy is there afterwards, or none. Who writes to the state is
 * not held up. Nothing is overwritten.
 */
export const copyState = Effect.fnUntraced(function* (
  named: string,
  target: string,
): Effect.fn.Return<
  Backup,
  BackupRefused | FileRefused | PlatformError | SqlError,
  FileSystem.FileSystem | Path.Path | Scope.Scope
> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const refuse = (reason: string) => new BackupRefused({ file: named, backup: target, reason })
  const file = yield* followLinks(named)
  yield* checkRights(file)
  const found = yield* checkFiles(file)
  if (found.isEmpty) return yield* refuse("there is no state")
  const taken = refuse("a file with this name exists, and no backup is overwritten")
  if (yield* fs.exists(target)) return yield* taken
  const folder = path.dirname(path.resolve(target))
  const draft = path.join(yield* fs.makeTempDirectoryScoped({ directory: folder, prefix: "formae-backup-" }), "copy")
  // SQLite would let everybody read it, but keeps the mode of an empty file.
  yield* fs.writeFile(draft, new Uint8Array(), { flag: "wx", mode: 0o600 })
  yield* copyPages(file, draft)
  yield* checkContent(draft, Effect.andThen(refuseForeign, refuseLoss(found)))
  yield* syncFile(fs, draft)
  const { size } = yield* fs.stat(draft)
  const linked = yield* Effect.result(fs.link(draft, target))
  if (linked._tag === "Failure") {
    if (linked.failure.reason._tag === "AlreadyExists") return yield* taken
    // Not every file system has links. What was made there meanwhile is not overwritten.
    const copied = yield* Effect.result(copyNew(draft, target))
    if (copied._tag === "Failure") {
      return yield* copied.failure.code === "EEXIST"
        ? taken
        : refuse(`it cannot be written there: ${copied.failure.message}`)
    }
    yield* syncFile(fs, target)
  }
  yield* syncFolder(fs, folder)
  return { backup: target, bytes: Number(size), key: keyOf(file) }
}, Effect.scoped)
