/** The state that a folder supplies. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { keyOf, logOf } from "../../agent/store/FileCheck.ts"
import { stateIn } from "./FolderPlaces.ts"
import { openOperationsIn } from "./openOperationsIn.ts"
import type { Sums } from "./Remembered.ts"
import type { Supply } from "./Supply.ts"
import { NotSummed } from "./TrustError.ts"

/**
 * A state changes with each command, so that no sum of it lasts. What lasts is
 * which file it is: a checkout and a copy make another one. Not the device,
 * whose number changes when the disk is mounted again.
 */
const identityOf = ({ birthtime, ino }: FileSystem.File.Info): Sums => ({
  "the file itself": [
    Option.getOrElse(ino, () => 0n),
    Option.match(birthtime, { onNone: () => 0, onSome: (date) => date.getTime() }),
  ].join(" "),
})

/** None if there is no state, or an empty file: one that was made, and has not been written yet. */
export const stateSupply = (folder: string) => Path.Path.use((path) => stateSupplyAt(path.join(folder, stateIn)))

/** That in the file `named`, as `stateSupply`. */
export const stateSupplyAt = Effect.fnUntraced(function* (named: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const info = Option.getOrUndefined(yield* Effect.option(fs.stat(named)))
  if (info === undefined || info.type === "Directory") return []
  const isUnused = info.size === 0n && !(yield* Effect.orElseSucceed(fs.exists(logOf(named)), () => true))
  if (isUnused) return []
  const real = yield* Effect.orElseSucceed(fs.realPath(named), () => named)
  const supply: Supply = {
    kind: "state",
    path: real,
    title: `the state ${real}${real === named ? "" : `, which ${named} leads to`}`,
    owned: [path.dirname(named), path.dirname(real), real, logOf(real), keyOf(real)],
    sums: Effect.mapError(
      Effect.map(fs.stat(real), identityOf),
      ({ message }) => new NotSummed({ path: real, reason: message }),
    ),
    details: Effect.provideContext(openOperationsIn(real), context),
  }
  return [supply]
})

/** The folder whose state `file` is. Undefined for a file in another place. */
export const folderOfState = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const real = yield* Effect.orElseSucceed(fs.realPath(file), () => path.resolve(file))
  const folder = path.dirname(path.dirname(real))
  return path.join(folder, stateIn) === real ? folder : undefined
})

/** The state that this command has just made, and that is still empty. */
export const madeState = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  const real = yield* fs.realPath(file)
  return { kind: "state", path: real, sums: identityOf(yield* fs.stat(real)) } as const
})
