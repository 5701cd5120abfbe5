/** The result codes of SQLite that say something about a file: https://www.sqlite.org/rescode.html */
export const ResultCode = {
  busy: 5,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const

/** SQLITE_IOERR_SHMSIZE: an I/O error by its primary code, but it means that the disk is full. */
const sharedMemoryFull = 4874

/** The primary code of an extended one: its lowest byte. */
export const primaryCode = (code: number): number => (code === sharedMemoryFull ? ResultCode.full : code & 0xff)
