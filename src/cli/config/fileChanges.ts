/** When a configuration file has changed. */
import type * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import { configurationFiles } from "./choosePlaces.ts"

/** Editors write a file in several steps, or put another one in its place. */
const quiet = "200 millis"

/** The name of the file, without its folder. A watcher says it with or without that. */
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** The names of the file: of one that was found, each that it could get. */
export const namesOf = (named: string | undefined): ReadonlyArray<string> =>
  named === undefined ? configurationFiles : [nameOf(named)]

/** The file that has changed, once nothing more has happened to it for a moment. `events` are those of its folder. */
export const fileChanges = <E, R>(
  events: Stream.Stream<FileSystem.WatchEvent, E, R>,
  names: ReadonlyArray<string>,
): Stream.Stream<string, E, R> =>
  events.pipe(
    Stream.map(({ path }) => nameOf(path)),
    Stream.filter((name) => names.includes(name)),
    Stream.debounce(quiet),
  )
