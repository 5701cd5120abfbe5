/** The folders to which the command line, or `FORMAE_TRUST`, says yes for one command. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { badInput } from "../CommandFailure.ts"
import { ThisUser } from "./ThisUser.ts"

/** Their real paths. Fails where the command line names one that is not there. */
export const namedAsTrusted = Effect.fnUntraced(function* (trust: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  const user = yield* ThisUser
  const named = yield* Effect.forEach(trust, (folder) =>
    Effect.mapError(fs.realPath(folder), () =>
      badInput("TrustedFolderMissing", `There is no such folder to trust: ${folder}`),
    ),
  )
  const listed = yield* Effect.forEach(user.trusted, (folder) => Effect.option(fs.realPath(folder)))
  return new Set([...named, ...listed.flatMap((one) => (one._tag === "Some" ? [one.value] : []))])
})
