/** Paths in the files of a plugin, which are the same on each system: below a folder, and with slashes. */
import { withSlashes } from "../../platform/paths.ts"

/**
 * Why a path does not mean the same on each system, in words. Undefined where it does. On Windows a backslash
 * separates folders, and a colon names a drive or a second content of a file, which no checksum has seen.
 */
export const unportable = (path: string): string | undefined => {
  if (path.includes("\\")) return `has a backslash. Write it with slashes, as ${withSlashes("\\", path)}`
  if (path.includes(":"))
    return "has a colon, which on Windows names a drive. Name a file in the plugin's folder without one"
  return undefined
}
