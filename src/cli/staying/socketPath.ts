/**
 * Where the agent of a state listens, and where commands look for it: a socket
 * whose name follows from the state, in a folder that only this user may enter.
 * Its path is short, because a socket's may have no more than 103 bytes on macOS.
 */
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import { lstatSync, mkdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { isAbsolutePath, within } from "../../platform/paths.ts"
import { isWindows } from "../../platform/Platform.ts"
import { runtimeFolder, sharedTemporary } from "../../platform/systemFiles.ts"

/** What decides where sockets are. */
export interface SocketFacts {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Undefined on Windows. */
  readonly uid: number | undefined
  readonly platform: string
  /** The folder for temporary files. */
  readonly temporary: string
}

/** How many bytes the path of a socket may have: the shortest limit of all systems, less the byte that ends the path. */
export const maxSocketBytes = 103

/** Enough that no two states of a user have the same one. */
const hashLength = 16

/** A short name that no other state of this user has. `stateFile` has its links resolved. */
export const shortNameOf = (stateFile: string): string =>
  createHash("sha256").update(stateFile).digest("hex").slice(0, hashLength)

/** Whether a socket can have this path. */
export const fitsSocket = (path: string): boolean => Buffer.byteLength(path) <= maxSocketBytes

/** The paths at which the agent of a state may listen, the best first. `stateFile` has its links resolved. On Windows the name of a pipe. */
export const socketPaths = (stateFile: string, facts: SocketFacts): ReadonlyArray<string> =>
  socketCandidates(stateFile, facts).filter(fitsSocket)

/** As `socketPaths`, with those that are too long for a socket. */
export const socketCandidates = (
  stateFile: string,
  { environment, platform, temporary, uid }: SocketFacts,
): ReadonlyArray<string> => {
  const name = shortNameOf(stateFile)
  if (isWindows(platform)) return [String.raw`\\.\pipe\formae-${name}`]
  const runtime = environment["XDG_RUNTIME_DIR"]
  // A command from cron has no XDG_RUNTIME_DIR, and finds the agent of a session that has one.
  const folders = [
    ...(runtime !== undefined && isAbsolutePath(platform, runtime) ? [within(runtime, "formae")] : []),
    within(runtimeFolder(uid), "formae"),
    within(temporary, `formae-${uid}`),
    within(sharedTemporary, `formae-${uid}`),
  ]
  return [...new Set(folders)].map((folder) => within(folder, `${name}.sock`))
}

/** The facts of this process. */
export const socketFacts = (platform: string, uid: number | undefined): SocketFacts => ({
  environment: process.env,
  uid,
  platform,
  temporary: tmpdir(),
})

/** Why a folder cannot have sockets. Undefined where it can, and `missing` where it is not there. */
export const objectionToFolder = (folder: string, uid: number | undefined): string | undefined => {
  let found: ReturnType<typeof lstatSync>
  try {
    found = lstatSync(folder)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "missing" : `it cannot be looked at (${String(error)})`
  }
  if (found.isSymbolicLink()) return "it is a link"
  if (!found.isDirectory()) return "it is not a folder"
  if (found.uid !== uid) return `it belongs to another user (uid ${found.uid})`
  return (found.mode & 0o077) === 0 ? undefined : "other users may enter it"
}

/** Makes the folder if it is missing. Gives what is wrong with it. */
export const prepareFolder = (folder: string, uid: number | undefined): Effect.Effect<string | undefined> =>
  Effect.sync(() => {
    const found = objectionToFolder(folder, uid)
    if (found !== "missing") return found
    try {
      mkdirSync(folder, { mode: 0o700 })
    } catch (error) {
      // Another process of this user may have made it.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return `it cannot be made (${String(error)})`
    }
    return objectionToFolder(folder, uid)
  })
