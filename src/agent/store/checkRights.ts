/** Checks that a state and what is next to it are files, that nobody else could have written them or their folder, nor read its key. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { keyOf, logOf, refuseUnlessFile } from "./FileCheck.ts"
import { FileRefused } from "./FileRefused.ts"
import { notAFile } from "./FileTrouble.ts"
import { currentFileUser, type Rights } from "./FileRights.ts"
import { lockFileOf } from "./LockFile.ts"
import { type Relied, rightsTroubleOf } from "./RightsTrouble.ts"
import { writesOf } from "./WriteCount.ts"

/** All that is read or written for a state, the folder first: who can write there can replace the rest. */
const reliedOn = (file: string, folder: string): ReadonlyArray<Relied> => [
  { path: folder, purpose: "folder", what: `its folder ${folder}` },
  { path: file, purpose: "content", what: "it" },
  { path: keyOf(file), purpose: "secret", what: `its key ${keyOf(file)}` },
  ...[logOf(file), `${file}-shm`, `${file}-journal`, writesOf(file), lockFileOf(file)].map((path): Relied => ({
    path,
    purpose: "content",
    what: `${path} next to it`,
  })),
]

/** What is no file and no folder may have no end, or may wait for somebody who never writes. */
const isSpecial = ({ type }: FileSystem.File.Info): boolean => type !== "File" && type !== "Directory"

/**
 * The owner and the mode of what a state relies on. None where it is a folder in
 * place of a file or the reverse: that is reported when it is used.
 */
const rightsOf = ({ gid, mode, type, uid }: FileSystem.File.Info, purpose: Relied["purpose"]): Option.Option<Rights> =>
  (type === "Directory") === (purpose === "folder")
    ? Option.map(uid, (owner) => ({
        mode,
        uid: owner,
        ...Option.match(gid, { onNone: () => ({}), onSome: (group) => ({ gid: group }) }),
      }))
    : Option.none()

/**
 * Fails where the state, or what it relies on, is a device or a pipe, belongs to
 * another user, or has rights for others that it must not have. What does not
 * exist or cannot be looked at is reported when it is used.
 */
export const checkRights = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<void, FileRefused, FileSystem.FileSystem | Path.Path> {
  yield* refuseUnlessFile(file)
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const user = yield* currentFileUser(fs)
  for (const relied of reliedOn(file, path.dirname(path.resolve(file)))) {
    const found = yield* Effect.option(fs.stat(relied.path))
    if (Option.isNone(found)) continue
    if (relied.purpose !== "folder" && isSpecial(found.value)) return yield* new FileRefused(notAFile(relied.what))
    const rights = rightsOf(found.value, relied.purpose)
    if (user === undefined || Option.isNone(rights)) continue
    const trouble = rightsTroubleOf(user, relied, rights.value)
    if (trouble !== undefined) return yield* new FileRefused(trouble)
  }
})
