/**
 * How many transactions a state file has seen: in the file itself, and once
 * more in FILE.writes next to it. A file that has seen fewer than FILE.writes
 * says is an older copy, or has lost its log. What is next to the file is
 * written after each commit and not brought to the disk, so that it may be too
 * low after a power failure, but never too high.
 */
import { closeSync, constants, openSync, writeSync } from "node:fs"
import type { DatabaseSync } from "node:sqlite"

/** The header of a SQLite file has a number that is free for its application. It is part of each transaction. */
export const countPragma = "user_version"

export const writesOf = (file: string): string => `${file}.writes`

/** The count that the text of FILE.writes has. Undefined where it was damaged, which proves nothing. */
export const parseCount = (text: string): number | undefined => (/^\d{10}\n$/.test(text) ? Number(text) : undefined)

/** Always of the same length, because it is overwritten in place. */
const formatCount = (count: number): string => `${String(count).padStart(10, "0")}\n`

/** A link could lead to any file of this user. Windows does not know the last one. */
const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)

/** The header has 32 bits. */
const maxCount = 0x7fffffff

export interface WriteCount {
  /** Counts the transaction that is about to be committed, and returns the new count. */
  readonly add: () => number
  /** Writes the count of a transaction next to the file, after its commit. */
  readonly publish: (count: number) => void
  readonly close: () => void
}

export const makeWriteCount = (database: DatabaseSync, file: string): WriteCount => {
  const read = database.prepare(`PRAGMA ${countPragma}`)
  const current = (): number => Number(read.get()?.[countPragma])
  let descriptor: number | undefined

  const write = (text: string): void => {
    try {
      descriptor ??= openSync(writesOf(file), flags, 0o600)
      writeSync(descriptor, text, 0)
    } catch {
      // Without it, the file itself is as good as before. Only an older copy of it is not noticed.
    }
  }
  return {
    add: () => {
      const count = Math.min(current() + 1, maxCount)
      database.exec(`PRAGMA ${countPragma} = ${count}`)
      return count
    },
    publish: (count) => write(formatCount(count)),
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor)
    },
  }
}
