/** Files of this user, that no other user may write: what they say is believed. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { makeFolder } from "../../agent/store/DurableFolder.ts"
import { fileReason, isReadOnlySystem, leadsThroughFile } from "../../agent/store/fileReason.ts"
import { replaceFile } from "../../agent/store/replaceFile.ts"
import { ThisUser } from "./ThisUser.ts"
import { TrustUnusable } from "./TrustError.ts"

const writableByOthers = 0o022

const failIn =
  (file: string) =>
  (error: PlatformError): TrustUnusable =>
    new TrustUnusable({
      reason: `${file} cannot be used: ${fileReason(error)}`,
      remedy: isReadOnlySystem(error)
        ? "Set XDG_STATE_HOME to a folder that can be written"
        : "Give this user access to it",
    })

/** Whether it is there. Fails where another user owns it, or may write it. */
export const isPrivate = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<boolean, TrustUnusable, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const user = yield* ThisUser
  const found = yield* Effect.result(fs.stat(file))
  if (found._tag === "Failure") {
    if (found.failure.reason._tag === "NotFound" || leadsThroughFile(found.failure)) return false
    return yield* failIn(file)(found.failure)
  }
  const { mode, uid } = found.success
  if (!user.owns(Option.getOrUndefined(uid))) {
    return yield* new TrustUnusable({
      reason: `${file} belongs to another user`,
      remedy: "Remove it, or give it to this user",
    })
  }
  if (user.hasModes && (mode & writableByOthers) !== 0) {
    return yield* new TrustUnusable({
      reason: `others may write ${file}`,
      remedy: `Look at what is in it, and take that right from them: chmod go-w ${file}`,
    })
  }
  return true
})

/** Its text. Undefined where it is not there. */
export const readPrivate = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  if (!(yield* isPrivate(file))) return undefined
  return yield* Effect.mapError(fs.readFileString(file), failIn(file))
})

/** The names in a folder. None where it is not there. */
export const listPrivate = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  if (!(yield* isPrivate(folder))) return []
  return yield* Effect.mapError(fs.readDirectory(folder), failIn(folder))
})

export const removePrivate = (file: string) =>
  FileSystem.FileSystem.use((fs) => Effect.mapError(fs.remove(file), failIn(file)))

/**
 * Root may have the environment of another user, as under sudo on macOS, and
 * would leave there what that user can neither use nor remove. Fails where the
 * folder, or the one in which it would be made, belongs to another user than root.
 */
const refuseOfOthers = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  if (!(yield* ThisUser).isRoot) return
  let there = folder
  while (there !== path.dirname(there) && !(yield* Effect.orElseSucceed(fs.exists(there), () => true))) {
    there = path.dirname(there)
  }
  const uid = Option.flatMap(yield* Effect.option(fs.stat(there)), (info) => info.uid)
  if (Option.isNone(uid) || uid.value === 0) return
  return yield* new TrustUnusable({
    reason: `${there} belongs to another user (uid ${uid.value}), and root writes nothing there`,
    remedy: "Set HOME to the folder of root, or run formae as that user",
  })
})

/** Writes a file, and makes its folder. The whole text is there afterwards, or what was there before. */
export const writePrivate = Effect.fnUntraced(function* (file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(file)
  yield* refuseOfOthers(folder)
  if (!(yield* isPrivate(folder))) yield* Effect.mapError(makeFolder(fs, path, folder), failIn(folder))
  yield* Effect.mapError(replaceFile(file, text), failIn(folder))
})
