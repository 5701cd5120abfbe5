/** What can be wrong with a state file. */
import { primaryCode, ResultCode } from "./ResultCode.ts"

export interface Trouble {
  readonly reason: string
  /** What the user can do about it, as a sentence. */
  readonly remedy: string
}

/** Why beginning with an empty state is dangerous. */
const duplicateWarning =
  "an empty state does not know what formae has created, and an apply would create it a second time"

/** SQLite applies a log to any file that it lies next to: a log of another copy would damage the good copy too. */
const withoutLog = (file: string): string => `without ${file}-wal and ${file}-shm`

export const damaged = (file: string, how: string): Trouble => ({
  reason: `it is damaged (${how})`,
  remedy: `Restore its last good copy, ${withoutLog(file)}, or save what can be read with: sqlite3 ${file} .recover | sqlite3 NEW_FILE. What formae has created still exists at the provider, but ${duplicateWarning}`,
})

/** A log without its file. SQLite would delete it, as one that belongs to nothing. */
export const orphanLog = (file: string, how: "empty" | "missing"): Trouble => {
  const log = `${file}-wal`
  return {
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
    reason: `it is ${how}, but it has been used: ${left} ${witnesses.length === 1 ? "exists" : "exist"}`,
    remedy: `Restore its last good copy, with its -wal file if the copy has one. Move ${left} away, and begin with an empty state, only if you do not have a copy: ${duplicateWarning}`,
  }
}

/** `writes` is the file that says how often it was written. */
export const older = (writes: string): Trouble => ({
  reason: `it has lost what was last written to it: ${writes} has counted more writes. Its -wal file was removed, or an older copy was put in its place`,
  remedy: `Restore its newest copy, with its -wal file if the copy has one. Move ${writes} away, and use the state as it is, only if you do not have a newer copy: it does not know what formae has created since, and an apply would create it a second time`,
})

export const foreignKey = (key: string): Trouble => ({
  reason: `${key} is not its key, but that of another state`,
  remedy: `Restore the key that belongs to this state. Move ${key} away only if you do not have it: every secret of the documents is then sent once more, and what was locked with the lost key stays closed`,
})

export const brokenLink = (target: string): Trouble => ({
  reason: `it is a link to ${target}, which does not exist`,
  remedy: "Restore the file that it links to, or remove the link",
})

export const linkLoop: Trouble = {
  reason: "it is a link that leads back to itself",
  remedy: "Remove the link, or name another state file with --state",
}

export const hardLinked: Trouble = {
  reason: "the file has several names (hard links), and SQLite would keep a log of its own next to each of them",
  remedy:
    "Replace it with a copy that has one name, while no formae uses it, together with its -wal file if it has one",
}

/** The file that is open is not the one that the next command would open. */
export const taken = (file: string): Trouble => ({
  reason: `${file} was removed, moved or replaced while formae was using it`,
  remedy:
    "Put it back before you run another command. Nothing that depends on what could not be recorded was begun, but what was under way may have ended since, and the file does not say how",
})

export const notReadable: Trouble = {
  reason: "this user may not read it",
  remedy: "Give this user read access, run formae as the owner of the file, or name another state file with --state",
}

export const notWritable = (what: string): Trouble => ({
  reason: `${what} is read-only`,
  remedy: `Give this user write access to the state file and its folder, run formae as their owner, or name another state file with --state; "formae plan" and "formae inventory" need no write access`,
})

export const changing: Trouble = {
  reason: "another formae is writing to it, and this user may only read it",
  remedy: "Wait until the other formae has ended",
}

const runAgain = "run the same command again: it continues from what is recorded"

/** The trouble with the file that a result code of SQLite stands for. Undefined where the code says nothing about the file. */
export const troubleOf = (file: string, code: number, message: string): Trouble | undefined => {
  switch (primaryCode(code)) {
    case ResultCode.readOnly:
      return notWritable("it")
    case ResultCode.inputOutput:
      return {
        reason: `it cannot be read or written (${message})`,
        remedy: `Check that its disk is there, is healthy and has free space, and ${runAgain}`,
      }
    case ResultCode.corrupt:
      return damaged(file, message)
    case ResultCode.full:
      return { reason: "the disk is full", remedy: `Free some space on the disk of ${file}, and ${runAgain}` }
    case ResultCode.notADatabase:
      return {
        reason: message,
        remedy: `Name the state file of formae with --state. If this is the state file, it is damaged: restore its last good copy, ${withoutLog(file)}`,
      }
    default:
      return undefined
  }
}
