/** What a file is called where it is. On many file systems it is found by other capitals and accents too. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { nameKey } from "../agent/index.ts"

/** The last part of a path as its folder lists it, or as it was given where the folder cannot be read or lists no such file. */
export const listedName = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<string, never, FileSystem.FileSystem | Path.Path> {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.dirname(file)
  const given = path.basename(file)
  const names: ReadonlyArray<string> = yield* Effect.orElseSucceed(fs.readDirectory(folder), () => [])
  if (names.includes(given)) return given
  const key = nameKey(given)
  const identityOf = (name: string) =>
    Effect.option(
      Effect.map(fs.stat(path.join(folder, name)), ({ dev, ino }) => `${dev} ${String(Option.getOrUndefined(ino))}`),
    )
  const identity = yield* identityOf(given)
  const same = yield* Effect.filter(
    names.filter((name) => nameKey(name) === key),
    (name) =>
      Effect.map(
        identityOf(name),
        (one) => Option.isSome(one) && Option.isSome(identity) && one.value === identity.value,
      ),
  )
  return same[0] ?? given
})
