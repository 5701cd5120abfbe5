/** A configuration file: its text, and the settings in it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { readConfigurationText } from "../../agent/configuration/readConfigurationText.ts"
import type { Setting } from "../../agent/configuration/Setting.ts"
import { isAddress } from "../../agent/store/postgres/PostgresAddress.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { invalidFile, readInput } from "../InputFile.ts"

/** Where a file is. */
export interface FilePlace {
  /** The real path of the folder. */
  readonly folder: string
  readonly name: string
}

/** A file that was found in a folder. */
export interface FoundFile {
  /** The real path of the folder. */
  readonly folder: string
  /** Its path in that folder. */
  readonly file: string
  /** What was read, so that it is this that somebody says yes to. */
  readonly text: string
  readonly settings: ReadonlyArray<Setting>
}

/** What is larger is certainly no configuration that somebody has written. */
const maxMebibytes = 1

/** The values that are paths, which a file gives from its own folder. */
const pathSettings: ReadonlySet<string> = new Set([
  "state",
  "plugins",
  "onlyPlugins",
  "agent.listen.certificate",
  "agent.listen.key",
])

/**
 * Reads a configuration file. Paths in it are relative to its folder. `file` is
 * how it is named to the user. Fails with each mistake and its place.
 */
export const readConfigurationFile = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<
  { readonly text: string; readonly settings: ReadonlyArray<Setting> },
  CommandFailure,
  FileSystem.FileSystem | Path.Path
> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const info = yield* Effect.option(fs.stat(file))
  if (info._tag === "Some" && info.value.size > BigInt(maxMebibytes * 1024 * 1024)) {
    return yield* badInput(
      "FileUnreadable",
      `The configuration ${file} cannot be read: it has more than ${maxMebibytes} MiB`,
    )
  }
  const text = yield* readInput("configuration", file)
  const settings = yield* Effect.mapError(
    Effect.fromResult(readConfigurationText(text, file)),
    invalidFile("ConfigInvalid", file),
  )
  const beside = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(beside)
      : typeof value === "string" && !isAddress(value)
        ? path.resolve(path.dirname(file), value)
        : value
  return {
    text,
    settings: settings.map((one) =>
      pathSettings.has(one.path.join(".")) ? { ...one, value: beside(one.value) } : one,
    ),
  }
})

/** Reads a file that was found. In the current folder it is named to the user without that. */
export const readFoundFile = Effect.fnUntraced(function* ({
  folder,
  name,
}: FilePlace): Effect.fn.Return<FoundFile, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.join(folder, name)
  const here = yield* Effect.orElseSucceed(fs.realPath("."), () => path.resolve("."))
  return { folder, file, ...(yield* readConfigurationFile(folder === here ? name : file)) }
})
