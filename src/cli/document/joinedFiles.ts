/** Which files of a folder are joined to its document: those that are not parts of others. */

/** A file of a folder. Both its path and those that it uses are real paths. */
export interface FolderFile {
  readonly path: string
  readonly uses: ReadonlyArray<string>
}

/** The files that are joined. Of files that use each other in a circle the first is, so that none is left out without a word. */
export const joinedFiles = <File extends FolderFile>(files: ReadonlyArray<File>): ReadonlyArray<File> => {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const isUsed = new Set(files.flatMap(({ path, uses }) => uses.filter((used) => used !== path)))
  const reached = new Set<string>()
  const reach = (file: File): void => {
    const waiting = [file]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(next.path)) continue
      reached.add(next.path)
      waiting.push(...next.uses.flatMap((path) => byPath.get(path) ?? []))
    }
  }
  const joined = new Set(files.filter(({ path }) => !isUsed.has(path)))
  for (const file of joined) reach(file)
  for (const file of files) {
    if (reached.has(file.path)) continue
    joined.add(file)
    reach(file)
  }
  return files.filter((file) => joined.has(file))
}
