import type * as Path from "effect/Path"

/** This folder and those above it, the nearest first. */
export const upwards = (path: Path.Path, folder: string): readonly [string, ...ReadonlyArray<string>] => {
  const parent = path.dirname(folder)
  return parent === folder ? [folder] : [folder, ...upwards(path, parent)]
}
