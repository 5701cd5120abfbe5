/** Paths as text, where there is no Path service, or where the path is of another system. */
import { isWindows } from "./Platform.ts"

/**
 * Whether it names one place whatever the working folder is. On Windows a path that begins with a slash is on the drive of
 * the working folder.
 */
export const isAbsolutePath = (platform: string, path: string): boolean =>
  isWindows(platform) ? /^(?:[A-Za-z]:[\\/]|\\\\|\/\/)/.test(path) : path.startsWith("/")

/** What separates the paths in a variable such as PATH. */
export const pathDelimiter = (platform: string): string => (isWindows(platform) ? ";" : ":")

/** A file in a folder. Windows takes slashes too. */
export const within = (folder: string, name: string): string => `${folder}/${name}`

/** A path below a folder of this system as it is written in a file that all systems read: with slashes. */
export const withSlashes = (separator: string, path: string): string => path.split(separator).join("/")
