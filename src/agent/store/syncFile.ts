/** Brings what was written to a file to the disk, so that it survives a power failure. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "effect/PlatformError"
import * as Predicate from "effect/Predicate"

/** Opens for reading and writing, and each write ends when it is on the disk. Node knows it, and Effect's type does not. */
const eachWriteSynced = "rs+" as FileSystem.OpenFlag

const isDenied = ({ reason: { cause } }: PlatformError): boolean =>
  Predicate.hasProperty(cause, "code") && cause.code === "ERR_ACCESS_DENIED"

/** The file is one of formae's own, which nobody else writes meanwhile. */
export const syncFile = (fs: FileSystem.FileSystem, file: string): Effect.Effect<void, PlatformError> =>
  Effect.flatMap(fs.open(file, { flag: "r+" }), ({ sync }) => sync).pipe(
    Effect.scoped,
    // Under its permission model, Node has no fsync, whatever is allowed. Writing the same again does what it would do.
    Effect.catchIf(isDenied, () => Effect.flatMap(fs.readFile(file), (content) => rewrite(fs, file, content))),
  )

const rewrite = (fs: FileSystem.FileSystem, file: string, content: Uint8Array) =>
  Effect.scoped(Effect.flatMap(fs.open(file, { flag: eachWriteSynced }), (open) => open.writeAll(content)))
