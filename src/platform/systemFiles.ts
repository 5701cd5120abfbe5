/** Files that are at the same place on each system that has them. */

/** Where Linux tells about processes. There is none on macOS and on Windows. */
export const proc = "/proc"

/** A file or a folder there: `procFile("self", "stat")`. */
export const procFile = (...names: ReadonlyArray<string | number>): string => [proc, ...names].join("/")

/** The shell that POSIX systems have. Not to be looked for on Windows, where any user may make a file of this name. */
export const posixShell = "/bin/sh"

/** Where the programs are that a script of that shell needs, as PATH has it. */
export const programFolders = "/usr/bin:/bin:/run/current-system/sw/bin"

/** The folder of a user's sockets, where the system has one. */
export const runtimeFolder = (uid: number | undefined): string => ["/run/user", uid].join("/")

/** The folder for temporary files that each POSIX system has. */
export const sharedTemporary = "/tmp"

/** What is always empty. */
export const nullDevice = "/dev/null"

/** The names of users and groups, where they are kept in files. */
export const usersFile = "/etc/passwd"
export const groupsFile = "/etc/group"
