/** Files that are at the same place on each system that has them. */

/** Where Linux tells about processes. There is none on macOS and on Windows. */
export const proc = "/proc"

/** The shell that POSIX systems have. Not to be looked for on Windows, where any user may make a file of this name. */
export const posixShell = "/bin/sh"

/** The names of users and groups, where they are kept in files. */
export const usersFile = "/etc/passwd"
export const groupsFile = "/etc/group"
