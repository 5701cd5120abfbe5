/** The key of a vault in a file of its own. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { syncFolder } from "./DurableFolder.ts"
import { currentFileUser } from "./FileRights.ts"
import { rightsTroubleOf } from "./RightsTrouble.ts"
import { earlierKeysOf, nextKeyOf, readKeys } from "./KeyChange.ts"
import { syncFile } from "./syncFile.ts"
import { VaultUnavailable } from "./VaultUnavailable.ts"

/** Where the key is stored. */
export interface KeyStore {
  readonly find: Effect.Effect<Uint8Array | undefined, VaultUnavailable>
  /** Stores a key, and gives the key that is stored now: another process may have been faster. */
  readonly keep: (key: Uint8Array) => Effect.Effect<Uint8Array, VaultUnavailable>
  /** The keys that opens what the stored one does not: while it is changed, and after that. */
  readonly others: Effect.Effect<ReadonlyArray<Uint8Array>>
  /** For error messages. */
  readonly name: string
}

/** The key in a file that this user alone may read, which is made when it is first kept. */
export const keyFile = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<KeyStore, never, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const find = Effect.andThen(refuseKnown(fs, file), fs.readFile(file)).pipe(
    Effect.catchTag("PlatformError", (error) =>
      error.reason._tag === "NotFound"
        ? Effect.undefined
        : Effect.fail(new VaultUnavailable({ reason: error.message, remedy: "Give this user read access to it" })),
    ),
  )

  /** Writes the whole key or nothing: half a key would block every later command. */
  const keep = Effect.fnUntraced(function* (key: Uint8Array) {
    const folder = path.dirname(path.resolve(file))
    const draft = path.join(yield* fs.makeTempDirectoryScoped({ directory: folder, prefix: "formae-key-" }), "key")
    const open = yield* fs.open(draft, { flag: "wx", mode: 0o600 })
    yield* open.writeAll(key)
    yield* syncFile(fs, draft)
    yield* fs.link(draft, file).pipe(
      Effect.catchIf(
        ({ reason }) => reason._tag === "AlreadyExists",
        () => Effect.void,
      ),
      // Not every file system has links.
      Effect.catch(() => fs.rename(draft, file)),
    )
    // The key is on the disk before anything is encrypted with it.
    yield* syncFolder(fs, folder)
    return yield* fs.readFile(file)
  }, Effect.scoped)

  return {
    name: `the key file ${file}`,
    find,
    others: Effect.map(
      Effect.forEach([nextKeyOf(file), earlierKeysOf(file)], (name) => readKeys(fs, name)),
      (keys) => keys.flat(),
    ),
    keep: (key) =>
      Effect.mapError(
        keep(key),
        ({ message }) =>
          new VaultUnavailable({
            reason: `the key file ${file} cannot be written: ${message}`,
            remedy:
              "Nothing was encrypted with it. Check that its folder is writable and has free space, and run the same command again",
          }),
      ),
  }
})

/** Fails where the key could have been written or read by another user. */
const refuseKnown = Effect.fnUntraced(function* (
  fs: FileSystem.FileSystem,
  file: string,
): Effect.fn.Return<void, VaultUnavailable | PlatformError> {
  const { mode, uid } = yield* fs.stat(file)
  const user = yield* currentFileUser(fs)
  if (user === undefined || Option.isNone(uid)) return
  const key = { path: file, purpose: "secret", what: `the key file ${file}` } as const
  const trouble = rightsTroubleOf(user, key, { mode, uid: uid.value })
  if (trouble !== undefined) return yield* new VaultUnavailable({ reason: trouble.reason, remedy: trouble.remedy })
})
