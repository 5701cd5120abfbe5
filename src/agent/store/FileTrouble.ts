/** What can be wrong with a state file, and the way out, each in a sentence. */
export interface Trouble {
  readonly reason: string
  readonly wayOut: string
}

/** Begins with an empty state what another state knows of. */
const twice = "an empty state knows nothing of what formae has made, and an apply would make it a second time"

/** SQLite applies a log to whatever file it lies beside: one of another copy would damage the good copy, too. */
const restored = (file: string): string =>
  `Put its last good copy in its place, without ${file}-wal and ${file}-shm, or save what can be read with: sqlite3 ${file} .recover | sqlite3 NEW_FILE. What formae has made is still at the provider, but ${twice}`

export const damaged = (file: string, how: string): Trouble => ({
  reason: `it is damaged (${how})`,
  wayOut: restored(file),
})

/** Where SQLite would delete the log, as one that belongs to nothing. */
export const logAlone = (file: string, how: "empty" | "missing"): Trouble => {
  const log = `${file}-wal`
  return {
    reason: `it is ${how}, while ${log} beside it holds what was written to it last`,
    wayOut: `Put the file back to which ${log} belongs. Move ${log} away only if you have neither: ${twice}`,
  }
}

export const emptied = (key: string): Trouble => ({
  reason: `it is empty, although it has been in use: its key ${key} is there`,
  wayOut: `Put its last good copy in its place. Remove it only if you have none: ${twice}`,
})

export const notReadable: Trouble = {
  reason: "this user may not read it",
  wayOut: "Give this user the right to, run formae as the owner of the file, or name another one with --state",
}

export const notWritable = (what: string): Trouble => ({
  reason: `${what} can only be read`,
  wayOut: `Give this user the right to write the state file and its folder, run formae as their owner, or name another one with --state; "formae plan" and "formae inventory" need no such right`,
})

export const changing: Trouble = {
  reason: "another formae is writing it, and this user may only read it",
  wayOut: "Wait for the other one to end",
}

const goOn = "run the same command again: it goes on from what is recorded"

/** There is no room for what SQLite shares between processes: an error of reading and writing, by its number. */
const noRoomToShare = 4874

/** What an error number of SQLite says of the file; undefined where it says nothing of it. */
export const troubleOf = (file: string, code: number, message: string): Trouble | undefined => {
  // The primary code is in the lowest byte; what is above it says more than is of use here, but for one.
  switch (code === noRoomToShare ? 13 : code & 0xff) {
    case 8:
      return notWritable("it")
    case 10:
      return {
        reason: `it can not be read or written (${message})`,
        wayOut: `See that its disk is there, is sound and has room, and ${goOn}`,
      }
    case 11:
      return damaged(file, message)
    case 13:
      return { reason: "the disk is full", wayOut: `Make room where ${file} is, and ${goOn}` }
    case 26:
      return {
        reason: message,
        wayOut: `Name the state file of formae with --state; if this is it, it is damaged: put its last good copy in its place, without ${file}-wal and ${file}-shm`,
      }
    default:
      return undefined
  }
}
