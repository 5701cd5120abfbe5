/**
 * Under the permission model of Node (`node --permission`), what it refuses says
 * which flag would allow it. Effect keeps only that something has failed.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as PlatformError from "effect/PlatformError"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"

/** The flags, by what Node calls the permissions. */
const flags: ReadonlyMap<unknown, string> = new Map([
  ["FileSystemRead", "--allow-fs-read"],
  ["FileSystemWrite", "--allow-fs-write"],
  ["ChildProcess", "--allow-child-process"],
  ["WorkerThreads", "--allow-worker"],
  ["Addon", "--allow-addons"],
  ["Inspector", "--allow-inspector"],
])

/** What Node throws at once has only its text left, which names the flag. */
const missingFlag = ({ cause, description = "" }: PlatformError.PlatformError["reason"]): string | undefined =>
  Predicate.hasProperty(cause, "permission")
    ? flags.get(cause.permission)
    : /^Access to this API .*(--allow-[a-z-]+)/.exec(description)?.[1]

/** The same error, with words in the place of what Node says of its permissions. Other errors stay as they are. */
export const inWords = (error: PlatformError.PlatformError): PlatformError.PlatformError => {
  const { reason } = error
  const { cause, method, module } = reason
  const missing = missingFlag(reason)
  if (missing === undefined) return error
  const resource = Predicate.hasProperty(cause, "resource") && cause.resource !== "" ? `=${cause.resource}` : ""
  return PlatformError.systemError({
    _tag: "Unknown",
    module,
    method,
    cause,
    description: `Node was started with --permission and does not allow this. Start it with ${missing}${resource} too`,
  })
}

/** What a method of the file system gives: an effect, a stream, or a sink, which no command uses. */
const withWords = (given: unknown): unknown => {
  if (Effect.isEffect(given))
    return Effect.mapError(given, (error) => (isPlatformError(error) ? inWords(error) : error))
  if (Stream.isStream(given))
    return Stream.mapError(given, (error) => (isPlatformError(error) ? inWords(error) : error))
  return given
}

const isPlatformError = (error: unknown): error is PlatformError.PlatformError =>
  Predicate.isTagged(error, "PlatformError")

const wordedFileSystem = (fs: FileSystem.FileSystem): FileSystem.FileSystem => {
  const methods = Object.entries(fs).flatMap(([name, method]) =>
    Predicate.isFunction(method) ? [[name, (...args: ReadonlyArray<unknown>) => withWords(method(...args))]] : [],
  )
  return { ...fs, ...Object.fromEntries(methods) }
}

/** The file system, whose errors name the flag. Without the permission model it is the same. */
export const layerPermission: Layer.Layer<FileSystem.FileSystem, never, FileSystem.FileSystem> = Layer.effect(
  FileSystem.FileSystem,
  Effect.map(FileSystem.FileSystem, (fs) => (process.permission === undefined ? fs : wordedFileSystem(fs))),
)
