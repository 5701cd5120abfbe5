/** What belongs to another user is not used: the owner of a file can change it at any moment. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { ThisUser } from "./ThisUser.ts"
import { NotOwned } from "./TrustError.ts"

/** Fails for the first of the paths that is there and belongs to another user. */
export const requireOwn = Effect.fnUntraced(function* (
  paths: ReadonlyArray<string>,
): Effect.fn.Return<void, NotOwned, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const user = yield* ThisUser
  for (const path of paths) {
    const uid = Option.flatMap(yield* Effect.option(fs.stat(path)), (info) => info.uid)
    if (Option.isSome(uid) && !user.owns(uid.value)) return yield* new NotOwned({ path, uid: uid.value })
  }
})
