/** The folder in which the programs of a user keep what they can make again. */
const { posix, win32 } = process.getBuiltinModule("node:path")

/** Undefined where the user has none. A path that is not absolute counts as none: it would lead into the working folder. */
export const userCacheFolder = (
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined => {
  const path = platform === "win32" ? win32 : posix
  const named = platform === "win32" ? environment["LOCALAPPDATA"] : environment["XDG_CACHE_HOME"]
  if (named !== undefined && path.isAbsolute(named)) return named
  const home = platform === "win32" ? undefined : environment["HOME"]
  if (home === undefined || !path.isAbsolute(home)) return undefined
  return platform === "darwin" ? path.join(home, "Library", "Caches") : path.join(home, ".cache")
}
