/** The space that is left where formae writes. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { upwards } from "../../config/upwards.ts"
import { fileOfState } from "../../stateFiles.ts"
import { type Check, seconds } from "../Check.ts"
import { type Finding, ok, problem, warning } from "../Finding.ts"
import { freeSpaceIn, temporaryFolder } from "../freeSpace.ts"
import { sizeText } from "../sizeText.ts"

const mebibyte = 1024 * 1024

/** Below that, a command may end in the middle of its work, though nothing is lost. */
const leastBytes = 16 * mebibyte

/** Below that, somebody should look. */
const enoughBytes = 128 * mebibyte

/** `free` and `stateSize` in bytes: a copy of the state has to fit. Pure. */
export const diskFinding = (place: string, free: number, stateSize: number): Finding => {
  const facts = `${sizeText(free)} are free in ${place}`
  const remedy = "Free some space on its disk"
  if (free < leastBytes + stateSize)
    return problem(`Only ${facts}, which a state and a copy of it may soon fill`, remedy)
  return free < enoughBytes + 2 * stateSize ? warning(`Only ${facts}`, remedy) : ok(facts)
}

/** The nearest folder that is there. */
const presentFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  for (const one of upwards(path, path.resolve(folder))) {
    if (yield* Effect.orElseSucceed(fs.exists(one), () => false)) return one
  }
  return path.resolve(folder)
})

const spaceIn = (folder: string, stateSize: number) =>
  Effect.map(freeSpaceIn(folder), (free) =>
    free === undefined
      ? warning(`How much space is free in ${folder} cannot be found out`, "Look whether its disk answers")
      : diskFinding(folder, free, stateSize),
  )

export const disk: Check = {
  name: "disk",
  boundMillis: seconds(10),
  look: Effect.fnUntraced(function* ({ stateFile }) {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const size = yield* Effect.match(fs.stat(stateFile), { onFailure: () => 0, onSuccess: (info) => Number(info.size) })
    const folders = new Set([yield* presentFolder(path.dirname(yield* fileOfState(stateFile))), yield* temporaryFolder])
    return yield* Effect.forEach([...folders], (folder) => spaceIn(folder, size), { concurrency: 2 })
  }),
}
