/** Looks for `.formae` and the configuration file, in the current folder and above it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { formaeIn, pluginsIn, stateIn } from "../trust/FolderPlaces.ts"
import { ThisUser } from "../trust/ThisUser.ts"
import { choosePlaces, configurationFiles, type Level } from "./choosePlaces.ts"
import type { FilePlace } from "./configurationFile.ts"
import { upwards } from "./upwards.ts"

/** Where a command finds what it uses, unless other places are named. */
export interface Places {
  /** The folder whose `.formae` is used, or made, without links. */
  readonly folder: string
  /** Whether it is above the current one. */
  readonly isAbove: boolean
  /** Its folder of plugins. */
  readonly plugins: string
  /** Its state. */
  readonly state: string
  /** The real path of the folder with the configuration file, and its name there. Undefined where there is none. */
  readonly configuration: FilePlace | undefined
}

const levelOf = Effect.fnUntraced(function* (folder: string, isHere: boolean, home: string | undefined) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { owns } = yield* ThisUser
  // In the current folder, what belongs to another user is refused with a word. What others leave in a folder above, such as /tmp, is nothing.
  const has = (name: string, type: FileSystem.File.Type) =>
    Effect.match(fs.stat(path.join(folder, name)), {
      onFailure: () => false,
      onSuccess: (info) => info.type === type && (isHere || owns(Option.getOrUndefined(info.uid))),
    })
  const [dev, hasFormae, configurations] = yield* Effect.all(
    [
      Effect.match(fs.stat(folder), { onFailure: () => -1, onSuccess: (info) => info.dev }),
      has(formaeIn, "Directory"),
      Effect.filter(configurationFiles, (name) => has(name, "File"), { concurrency: "unbounded" }),
    ],
    { concurrency: "unbounded" },
  )
  const level: Level = { folder, device: Number(dev), isHome: folder === home, hasFormae, configurations }
  return level
})

const oneFile = Effect.fnUntraced(function* (
  configured: Pick<Level, "configurations" | "folder"> | undefined,
): Effect.fn.Return<FilePlace | undefined, CommandFailure> {
  const [name, second] = configured?.configurations ?? []
  if (configured === undefined || name === undefined) return undefined
  if (second === undefined) return { folder: configured.folder, name }
  return yield* badInput(
    "ConfigAmbiguous",
    `The folder ${configured.folder} has two configuration files, ${name} and ${second}. Keep one of them, or name one with --config`,
  )
})

/** The configuration file in a folder, without those above it. Fails if there are two. */
export const findFileIn = (folder: string) => Effect.flatMap(levelOf(folder, true, undefined), oneFile)

const withoutConfigurations = ([first, ...others]: readonly [Level, ...ReadonlyArray<Level>]) =>
  [{ ...first, configurations: [] }, ...others.map((level) => ({ ...level, configurations: [] }))] as const

/** `isNamed` says that a configuration file was named, so that none is looked for. Fails if there are two in a folder. */
export const findPlaces = Effect.fnUntraced(function* (
  isNamed: boolean,
): Effect.fn.Return<Places, CommandFailure, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { home } = yield* ThisUser
  const realOf = (folder: string) => Effect.orElseSucceed(fs.realPath(folder), () => path.resolve(folder))
  const real = yield* realOf(".")
  const realHome = home === undefined ? undefined : yield* realOf(home)
  const [here, ...above] = upwards(path, real)
  const [first, ...others] = yield* Effect.all(
    [levelOf(here, true, realHome), ...above.map((one) => levelOf(one, false, realHome))],
    { concurrency: "unbounded" },
  )
  const levels = [first, ...others] as const
  const chosen = choosePlaces(isNamed ? withoutConfigurations(levels) : levels)
  const configuration = yield* oneFile(chosen.configured)
  const isHere = chosen.folder === here
  const within = (place: string) => (isHere ? place : path.join(chosen.folder, place))
  return {
    folder: chosen.folder,
    isAbove: !isHere,
    plugins: within(pluginsIn),
    state: within(stateIn),
    configuration,
  }
})
