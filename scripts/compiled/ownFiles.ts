/**
 * Files and folders that only this user can have written. What they hold will
 * run, and a checksum is no proof of who wrote it: a user who can write a file can
 * write its checksum too. On Windows Node knows no owners and no modes; there the
 * folder of a user is closed to others by the system.
 */
import type { Stats } from "node:fs"

const fs = process.getBuiltinModule("node:fs")
const { dirname } = process.getBuiltinModule("node:path")

const own = process.geteuid?.()
const writableByOthers = 0o022

const isOwn = ({ mode, uid }: Stats): boolean => own === undefined || (uid === own && (mode & writableByOthers) === 0)

/** Whether it is a folder, and not a link to one, that only this user can write. */
export const isOwnFolder = (path: string): boolean => {
  try {
    const found = fs.lstatSync(path)
    return found.isDirectory() && isOwn(found)
  } catch {
    return false
  }
}

/** Windows knows neither. A pipe would be waited for. */
const withoutLinks = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0)

/** The content of a file that only this user can write. Undefined where there is none, and where it is a link. */
export const readOwnFile = (path: string): Buffer | undefined => {
  let descriptor: number | undefined
  try {
    descriptor = fs.openSync(path, withoutLinks)
    // What is open is looked at, and not its path, which may be another file by now.
    const found = fs.fstatSync(descriptor)
    return found.isFile() && isOwn(found) ? fs.readFileSync(descriptor) : undefined
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor)
  }
}

/** Writes a file for this user alone, whole or not at all. Throws where that cannot be done. */
export const writeOwnFile = (path: string, draft: string, data: Uint8Array): void => {
  // A new file (O_EXCL), so that no link is followed.
  fs.writeFileSync(draft, data, { flag: "wx", flush: true, mode: 0o600 })
  try {
    // Flushed before it is renamed, so that a power cut cannot leave half of it under its name.
    fs.renameSync(draft, path)
  } catch (error) {
    fs.rmSync(draft, { force: true })
    throw error
  }
}

/** Makes a folder for this user alone. Gives whether it is one that only this user can write, made now or before. */
export const makeOwnFolder = (path: string): boolean => {
  try {
    fs.mkdirSync(path, { mode: 0o700 })
  } catch {
    // It is there, or it cannot be made.
  }
  return isOwnFolder(path)
}

/** Whether this user may make things in a folder that others may have made, and that may be a link. */
const isOwners = (path: string): boolean => {
  try {
    return own === undefined || fs.statSync(path).uid === own
  } catch {
    return false
  }
}

/**
 * Makes the folder in which a user keeps such things, where it is missing. Gives
 * whether it belongs to this user: root may have the environment of another user,
 * and would leave there what that user cannot remove.
 */
export const makeUserFolder = (path: string): boolean => {
  if (!fs.existsSync(path) && isOwners(dirname(path))) makeOwnFolder(path)
  return isOwners(path)
}
