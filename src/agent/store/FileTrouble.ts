/** What can be wrong with a state file. */
import * as Schema from "effect/Schema"
import { primaryCode, ResultCode } from "./ResultCode.ts"

/** What is wrong with a state file. Code decides by it; people read the reason. */
export const StoreCondition = Schema.Literals([
  /** Its content, or that of its log, is damaged. */
  "Damaged",
  /** It is missing or empty, but its log holds what was written to it. */
  "LogWithoutFile",
  /** It is empty, but its key shows that it has been used. */
  "Emptied",
  "NotReadable",
  "NotWritable",
  /** Another process writes to it, and this user may only read it. */
  "Changing",
  /** The disk does not read or write it. */
  "DiskFailed",
  "DiskFull",
  "NotADatabase",
  "Folder",
  /** The database of another program. */
  "Foreign",
  /** Written by a later version of formae. */
  "LaterVersion",
  "Other",
])
export type StoreCondition = typeof StoreCondition.Type

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
  remedy: `Restore its last good copy, ${withoutLog(file)}, or save what SQLite can recover from it into a new file. What formae has created still exists at the provider, but ${duplicateWarning}`,
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

export const emptied = (key: string): Trouble => ({
  condition: "Emptied",
  reason: `it is empty, but it has been used: its key ${key} exists`,
  remedy: `Restore its last good copy. Remove it only if you do not have one: ${duplicateWarning}`,
})

export const notReadable: Trouble = {
  condition: "NotReadable",
  reason: "this user may not read it",
  remedy: "Give this user read access, run formae as the owner of the file, or use another state file",
}

export const notWritable = (what: string): Trouble => ({
  condition: "NotWritable",
  reason: `${what} is read-only`,
  remedy:
    "Give this user write access to the state file and its folder, run formae as their owner, or use another state file",
})

export const changing: Trouble = {
  condition: "Changing",
  reason: "another formae is writing to it, and this user may only read it",
  remedy: "Wait until the other formae has ended",
}

const runAgain = "run the same command again: it continues from what is recorded"

/** The condition that a result code of SQLite stands for. Undefined where the code says nothing about the file. */
export const conditionOf = (code: number): StoreCondition | undefined => {
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
        remedy: `Use the state file of formae. If this is the state file, it is damaged: restore its last good copy, ${withoutLog(file)}`,
      }
    default:
      return undefined
  }
}
