/** The text of a manifest. A folder may have anything in its place, such as a link to a device whose bytes never end. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"

/** A manifest has a few hundred bytes. */
export const maxManifestBytes = 1024 * 1024

/** What cannot be looked for because this user may not. */
export const isDenied = ({ reason }: PlatformError): boolean => reason._tag === "PermissionDenied"

/** What the system or Node says. Under its permission model, Node names the flag that would allow it. */
export const reasonOf = ({ message, reason }: PlatformError): string =>
  (reason.description ?? message).replace(/\.$/, "")

/** Fails with the reason, in words, where it is not a file that this user may read, or is too large. */
export const manifestText = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, string, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const inWords = (error: PlatformError) => {
    if (error.reason._tag === "NotFound") return "it does not exist"
    return isDenied(error) ? "this user may not read it" : `it cannot be read: ${reasonOf(error)}`
  }
  const { size, type } = yield* Effect.mapError(fs.stat(file), inWords)
  if (type !== "File") return yield* Effect.fail("it is not a file")
  if (size > maxManifestBytes) return yield* Effect.fail(`it has more than ${maxManifestBytes / 1024} KiB`)
  return yield* Effect.mapError(fs.readFileString(file), inWords)
})
