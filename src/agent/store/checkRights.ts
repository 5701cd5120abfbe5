/** Checks that nobody else could have written a state, its folder and what is next to it, nor read its key. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { keyOf, logOf, refuseUnlessFile } from "./FileCheck.ts"
import { FileRefused } from "./FileRefused.ts"
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

/**
 * The owner and the mode of what a state relies on. None where it does not exist,
 * cannot be looked at, or is a folder in place of a file or the reverse: that is
 * reported when it is used.
 */
const rightsOf = ({ path, purpose }: Relied): Effect.Effect<Option.Option<Rights>, never, FileSystem.FileSystem> =>
  FileSystem.FileSystem.use((fs) => fs.stat(path)).pipe(
    Effect.option,
    Effect.map(Option.filter(({ type }) => (type === "Directory") === (purpose === "folder"))),
    Effect.map(Option.flatMap(({ mode, uid }) => Option.map(uid, (owner) => ({ mode, uid: owner })))),
  )

/** Fails where the state is not a file, and where a file that it relies on belongs to another user, or has rights for others that it must not have. */
export const checkRights = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<void, FileRefused, FileSystem.FileSystem | Path.Path> {
  yield* refuseUnlessFile(file)
  const path = yield* Path.Path
  const user = currentFileUser()
  if (user === undefined) return
  for (const relied of reliedOn(file, path.dirname(path.resolve(file)))) {
    const rights = yield* rightsOf(relied)
    const trouble = Option.isNone(rights) ? undefined : rightsTroubleOf(user, relied, rights.value)
    if (trouble !== undefined) return yield* new FileRefused(trouble)
  }
})
