/** What can be wrong with a state file. */
import * as Schema from "effect/Schema"
import { isSharingError, primaryCode, ResultCode } from "./ResultCode.ts"

/**
 * What is wrong with a state file. Code decides by it; people read the reason.
 *
 * - `Damaged`: its content, or that of its log, is damaged.
 * - `LogWithoutFile`: it is missing or empty, but its log holds what was written
 *   to it.
 * - `Emptied`: it is missing, or nothing is in it, but what is next to it shows
 *   that it has been used.
 * - `LostWrites`: its log was removed, or it is an older copy.
 * - `ForeignKey`: the key next to it belongs to another state.
 * - `ForeignOwner`: it, its folder or a file next to it belongs to another user.
 * - `WideMode`: other users can write to it, to its folder or to a file next to
 *   it, or can read its key.
 * - `BrokenLink`: it is a link that leads to no file.
 * - `SeveralNames`: it has hard links.
 * - `Taken`: it was removed or replaced while it was open.
 * - `NotWritable`: this user may not write it, or its file system is read-only.
 * - `NoPlaceForCopy`: this user may only read it, and the temporary copy that is
 *   read in its place cannot be made.
 * - `Changing`: another process writes to it, and this user may only read it.
 * - `UnfitFileSystem`: its file system has no shared memory or no locks for it, as
 *   many network file systems do.
 * - `DiskFailed`: the disk does not read or write it.
 * - `Foreign`: it is the database of another program.
 * - `LaterVersion`: it was written by a later version of formae.
 * - `Unreachable`: it is on a server that cannot be reached, or that does not have
 *   the database.
 * - `NoSessions`: it is behind a pooler that does not keep sessions.
 */
export const StoreCondition = Schema.Literals([
  "Damaged",
  "LogWithoutFile",
  "Emptied",
  "LostWrites",
  "ForeignKey",
  "ForeignOwner",
  "WideMode",
  "BrokenLink",
  "SeveralNames",
  "Taken",
  "NotReadable",
  "NotWritable",
  "NoPlaceForCopy",
  "Changing",
  "UnfitFileSystem",
  "DiskFailed",
  "DiskFull",
  "NotADatabase",
  "Folder",
  "Foreign",
  "LaterVersion",
  "Unreachable",
  "NoSessions",
  "Other",
])
export type StoreCondition = typeof StoreCondition.Type | never

export interface Trouble {
  readonly condition: StoreCondition
  readonly reason: string
  /** What can be done about it, as a sentence. */
  readonly remedy: string
}

/** Why beginning with an empty state is dangerous. */
const duplicateWarning =
  "an empty state does not know what formae has created, and an apply would create it a second time"

/** SQLite applies a log to any file that it lies next to: a log of another copy would damage the good copy too. */
const withoutLog = (file: string): string => `without ${file}-wal and ${file}-shm`

export const damaged = (file: string, how: string): Trouble => ({
  condition: "Damaged",
  reason: `it is damaged (${how})`,
  remedy: `Restore its last good copy, ${withoutLog(file)}. What formae has created still exists at the provider, but ${duplicateWarning}`,
})

/** A log without its file. SQLite would delete it, as one that belongs to nothing. */
export const orphanLog = (file: string, how: "empty" | "missing"): Trouble => {
  const log = `${file}-wal`
  return {
    condition: "LogWithoutFile",
    reason: `it is ${how}, but ${log} next to it holds what was last written to it`,
    remedy: `Restore the file that ${log} belongs to. Move ${log} away only if you do not have that file: ${duplicateWarning}`,
  }
}

/** How a file has lost what was in it. */
export type Loss = "empty" | "missing" | "without tables"

/** A file that has been used, as what is left next to it shows. */
export const lost = (how: Loss, witnesses: ReadonlyArray<string>): Trouble => {
  const left = witnesses.join(" and ")
  return {
    condition: "Emptied",
    reason: `it is ${how}, but it has been used: ${left} ${witnesses.length === 1 ? "exists" : "exist"}`,
    remedy: `Restore its last good copy, with its -wal file if the copy has one. Move ${left} away, and begin with an empty state, only if you do not have a copy: ${duplicateWarning}`,
  }
}

/** `writes` is the file that says how often it was written. */
export const older = (writes: string): Trouble => ({
  condition: "LostWrites",
  reason: `it has lost what was last written to it: ${writes} has counted more writes. Its -wal file was removed, or an older copy was put in its place`,
  remedy: `Restore its newest copy, with its -wal file if the copy has one. Move ${writes} away, and use the state as it is, only if you do not have a newer copy: it does not know what formae has created since, and an apply would create it a second time`,
})

export const foreignKey = (key: string): Trouble => ({
  condition: "ForeignKey",
  reason: `${key} is not its key, but that of another state`,
  remedy: `Restore the key that belongs to this state. Move ${key} away only if you do not have it: every secret of the documents is then sent once more, and what was locked with the lost key stays closed`,
})

export const brokenLink = (target: string): Trouble => ({
  condition: "BrokenLink",
  reason: `it is a link to ${target}, which does not exist`,
  remedy: "Restore the file that it links to, or remove the link",
})

export const linkLoop: Trouble = {
  condition: "BrokenLink",
  reason: "it is a link that leads back to itself",
  remedy: "Remove the link",
}

export const hardLinked: Trouble = {
  condition: "SeveralNames",
  reason: "the file has several names (hard links), and SQLite would keep a log of its own next to each of them",
  remedy:
    "Replace it with a copy that has one name, while no formae uses it, together with its -wal file if it has one",
}

/** The file that is open is not the one that the next command would open. */
export const taken = (file: string): Trouble => ({
  condition: "Taken",
  reason: `${file} was removed, moved or replaced while formae was using it`,
  remedy:
    "Put it back before you run another command. Nothing that depends on what could not be recorded was begun, but what was under way may have ended since, and the file does not say how",
})

/** `what` is the state or something next to it: reading it could wait for ever. */
export const notAFile = (what: string): Omit<Trouble, "remedy"> => ({
  condition: "NotADatabase",
  reason: `${what} is a device or a pipe, and not a file`,
})

export const notReadable: Trouble = {
  condition: "NotReadable",
  reason: "this user may not read it",
  remedy: "Give this user read access, or run formae as the owner of the file",
}

export const notWritable = (what: string): Trouble => ({
  condition: "NotWritable",
  reason: `${what} is read-only`,
  remedy: "Give this user write access to the state file and its folder, or run formae as their owner",
})

export const readOnlySystem = (what: string): Trouble => ({
  condition: "NotWritable",
  reason: `the file system of ${what} is read-only`,
  remedy: "Put the state file on a disk or a volume that can be written",
})

export const noPlaceForCopy = (folder: string, why: string): Trouble => ({
  condition: "NoPlaceForCopy",
  reason: `this user may only read it, so it is read from a temporary copy, and none can be made in ${folder}: ${why}`,
  remedy: "Set TMPDIR to a folder that this user may write to",
})

export const noPlace = (folder: string): Trouble => ({
  condition: "NotWritable",
  reason: `nothing can be made in ${folder}: a part of this path is not a folder, or its file system takes no files`,
  remedy: "Choose a place for the state file where this user may make files",
})

export const changing: Trouble = {
  condition: "Changing",
  reason: "another formae is writing to it, and this user may only read it",
  remedy: "Wait until the other formae has ended",
}

/** `how` is what SQLite says. */
export const unfitFileSystem = (how: string): Trouble => ({
  condition: "UnfitFileSystem",
  reason: `its file system does not let SQLite keep a write-ahead log and locks for it, as it may be on a network or in a special mount (${how})`,
  remedy: "Keep it on a local disk",
})

const runAgain = "run the same command again: it continues from what is recorded"

/** The condition that a result code of SQLite stands for. Undefined where the code says nothing about the file. */
const conditionOf = (code: number): StoreCondition | undefined => {
  if (isSharingError(code)) return "UnfitFileSystem"
  switch (primaryCode(code)) {
    case ResultCode.readOnly:
      return "NotWritable"
    case ResultCode.inputOutput:
      return "DiskFailed"
    case ResultCode.corrupt:
      return "Damaged"
    case ResultCode.full:
      return "DiskFull"
    case ResultCode.notADatabase:
      return "NotADatabase"
    default:
      return undefined
  }
}

/** The trouble with the file that a result code of SQLite stands for. Undefined where the code says nothing about the file. */
export const troubleOf = (file: string, code: number, message: string): Trouble | undefined => {
  const condition = conditionOf(code)
  switch (condition) {
    case "NotWritable":
      return notWritable("it")
    case "UnfitFileSystem":
      return unfitFileSystem(message)
    case "DiskFailed":
      return {
        condition,
        reason: `it cannot be read or written (${message})`,
        remedy: `Check that its disk is there, is healthy and has free space, and ${runAgain}`,
      }
    case "Damaged":
      return damaged(file, message)
    case "DiskFull":
      return {
        condition,
        reason: "the disk is full",
        remedy: `Free some space on the disk of ${file}, and ${runAgain}`,
      }
    case "NotADatabase":
      return {
        condition,
        reason: message,
        remedy: `If it is the state file of formae, it is damaged: restore its last good copy, ${withoutLog(file)}`,
      }
    default:
      return undefined
  }
}
