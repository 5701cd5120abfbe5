/**
 * Where the plugins are that the user has added: a lock file, and beside it a
 * folder for each version. A version is used only if the lock file names it, so
 * that what a killed command leaves behind is never used.
 *
 * Two locks of the system, which a killed process gives back: a command that
 * changes the plugins takes the one of the folder, and those that use them share
 * the one of the lock file, which keeps all others from removing a version.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { makeFolder } from "../../agent/store/DurableFolder.ts"
import { folderReason, isReadOnlySystem } from "../../agent/store/fileReason.ts"
import { shareLock, takeLock } from "../../agent/store/LockFile.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { isPrivate, readPrivate, writePrivate } from "../trust/privateFiles.ts"
import { ThisUser } from "../trust/ThisUser.ts"
import type { TrustUnusable } from "../trust/TrustError.ts"
import { AddedPlugins, type AddedVersion, noPlugins } from "./AddedPlugins.ts"

type Files = FileSystem.FileSystem | Path.Path

const LockText = Schema.fromJsonString(AddedPlugins)
const decode = Schema.decodeEffect(LockText)
const encode = Schema.encodeEffect(LockText)

/** How often, and how long, a command waits for another one that removes a version, which takes a moment. */
const untilRemoved = { pause: Schedule.spaced("50 millis"), times: 200 } as const

const unusable = (reason: string, remedy: string): CommandFailure =>
  badInput("AddedPluginsUnusable", `The plugins that you have added cannot be used: ${reason}. ${remedy}`)

const notPrivate = ({ reason, remedy }: TrustUnusable): CommandFailure => unusable(reason, remedy)

const notLocked = (folder: string) => () =>
  unusable(`the locks of ${folder} cannot be taken`, "Give this user access to it")

/** Undefined where this user has no place for what is installed. */
export const addedFolder = Effect.gen(function* () {
  const path = yield* Path.Path
  const { dataHome } = yield* ThisUser
  return dataHome === undefined ? undefined : path.join(dataHome, "formae", "added-plugins")
})

const lockFileIn = (path: Path.Path, folder: string): string => path.join(folder, "lock.json")

/** The folder of a package, and in it its manifest. */
export const packageIn = (path: Path.Path, folder: string, name: string, version: AddedVersion) => {
  const directory = path.join(folder, version.folder, "node_modules", name)
  return { directory, manifest: path.join(directory, version.manifest) }
}

/** What the lock file says. Fails where another user could have written it, or where it cannot be read. */
export const readAdded = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<AddedPlugins, CommandFailure, Files> {
  const path = yield* Path.Path
  const file = lockFileIn(path, folder)
  const text = yield* Effect.mapError(
    Effect.flatMap(isPrivate(folder), (isThere) => (isThere ? readPrivate(file) : Effect.undefined)),
    notPrivate,
  )
  if (text === undefined) return noPlugins
  return yield* Effect.mapError(decode(text), () =>
    unusable(
      `${file} is not what this version of formae writes`,
      "Upgrade formae, or remove the file and add the plugins again",
    ),
  )
})

export const writeAdded = Effect.fnUntraced(function* (folder: string, added: AddedPlugins) {
  const path = yield* Path.Path
  const text = yield* Effect.orDie(encode(added))
  yield* Effect.mapError(writePrivate(lockFileIn(path, folder), `${text}\n`), notPrivate)
})

/** Keeps all others from changing the plugins until the scope closes, and gives the folder, which is made. */
export const changeAdded: Effect.Effect<string, CommandFailure, Files | Scope.Scope> = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* addedFolder
  if (folder === undefined) {
    return yield* unusable("this user has no folder for what is installed", "Set HOME or XDG_DATA_HOME")
  }
  yield* Effect.mapError(makeFolder(fs, path, folder), (error) =>
    unusable(
      `${folder} cannot be made: ${folderReason(error)}`,
      isReadOnlySystem(error)
        ? "Set XDG_DATA_HOME to a folder that can be written, or name the folder of a plugin with --plugins"
        : "Give this user access to it",
    ),
  )
  yield* Effect.mapError(isPrivate(folder), notPrivate)
  if (yield* Effect.mapError(takeLock(folder), notLocked(folder))) return folder
  return yield* badInput(
    "AddedPluginsBusy",
    "Another command is adding or removing plugins. Nothing was changed. Run this one again when that has ended",
  )
})

/** Takes, for a moment, what all that use the plugins share. False where one of them runs. */
export const isUnused = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<boolean, CommandFailure, Files | Scope.Scope> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = lockFileIn(path, folder)
  if (!(yield* Effect.orElseSucceed(fs.exists(file), () => false))) return true
  return yield* Effect.mapError(takeLock(file), notLocked(folder))
})

/** Keeps the versions that are there until the scope closes. */
export const useAdded = Effect.fnUntraced(function* (
  folder: string,
): Effect.fn.Return<AddedPlugins, CommandFailure, Files | Scope.Scope> {
  const path = yield* Path.Path
  const first = yield* readAdded(folder)
  if (first.plugins.length === 0) return first
  const isShared = yield* Effect.mapError(shareLock(lockFileIn(path, folder)), notLocked(folder)).pipe(
    Effect.repeat({ schedule: untilRemoved.pause, times: untilRemoved.times, until: (shared) => shared }),
  )
  if (!isShared) return yield* unusable(`another process keeps ${folder} locked`, "End it, and try again")
  // It may have changed before it was shared.
  return yield* readAdded(folder)
})

/** The file that says that a version has served: its plugin has answered a handshake. */
export const servedMark = (path: Path.Path, folder: string, version: string): string =>
  path.join(folder, version, "served")

export const hasServed = Effect.fnUntraced(function* (folder: string, version: AddedVersion) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* Effect.orElseSucceed(fs.exists(servedMark(path, folder, version.folder)), () => false)
})
