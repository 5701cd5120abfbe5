import type * as Path from "effect/Path"

/**
 * Whether an absolute path is below an absolute folder, which may be the root of
 * a file system, of a drive or of a share. `path` says how paths are written.
 */
export const isInside = (
  path: Pick<Path.Path, "isAbsolute" | "relative" | "sep">,
  folder: string,
  file: string,
): boolean => {
  const way = path.relative(folder, file)
  const [first = ""] = way.split(path.sep)
  // On Windows a path to another drive is absolute.
  return first !== "" && first !== ".." && !path.isAbsolute(way)
}
