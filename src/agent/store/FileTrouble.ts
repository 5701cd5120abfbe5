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

export const emptied = (key: string): Trouble => ({
  reason: `it is empty, but it has been used: its key ${key} exists`,
  remedy: `Restore its last good copy. Remove it only if you do not have one: ${duplicateWarning}`,
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
