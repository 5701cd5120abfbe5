/**
 * Whether a path still leads to the file that is open. A file that was removed
 * or replaced can still be written, but the next command does not see what was
 * written to it. Effect's FileSystem is asynchronous, and this is asked after
 * each write.
 */
import { statSync } from "node:fs"
import { resolve } from "node:path"

/** Undefined where there is no such file, or where it cannot be seen. */
const identityOf = (file: string): string | undefined => {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? undefined : `${found.dev} ${found.ino}`
}

/**
 * Remembers which file each of the paths leads to, and returns a function that
 * gives the first path that leads to another one now, or to none. A path that
 * led nowhere is remembered when it first leads to a file.
 */
export const watchIdentity = (paths: ReadonlyArray<string>): (() => string | undefined) => {
  const absolute = paths.map((path) => resolve(path))
  const known = absolute.map(identityOf)
  return () => {
    const at = absolute.findIndex((path, index) => {
      const now = identityOf(path)
      if (known[index] === undefined) known[index] = now
      return now !== known[index]
    })
    return at === -1 ? undefined : paths[at]
  }
}
