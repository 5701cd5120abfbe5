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

/**
 * I/O errors by their primary code, which mean that the file system has no shared
 * memory or no locks: SQLITE_IOERR_UNLOCK, RDLOCK, CHECKRESERVEDLOCK, LOCK,
 * SHMOPEN, SHMLOCK and SHMMAP.
 */
const lacksSharing: ReadonlySet<number> = new Set([2058, 2314, 3594, 3850, 4618, 5130, 5386])

/** Whether an extended code means that the file system cannot do what SQLite needs to share a file. */
export const isSharingError = (code: number): boolean => lacksSharing.has(code)

/** The primary code of an extended one: its lowest byte. */
export const primaryCode = (code: number): number => (code === sharedMemoryFull ? ResultCode.full : code & 0xff)
