/**
 * The keys next to the key of a vault: the one that takes its place while the
 * key is changed, and those that it was before. What is still locked with one of
 * them is opened, and nothing is locked with them any more.
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import type * as Scope from "effect/Scope"
import { syncFolder } from "./DurableFolder.ts"
import { syncFile } from "./syncFile.ts"

/** The key that takes the place of the one in a file. There only while that goes on. */
export const nextKeyOf = (file: string): string => `${file}.next`

/** The keys that were in a file before. */
export const earlierKeysOf = (file: string): string => `${file}.earlier`

const keyBytes = 32

const keysIn = (bytes: Uint8Array): ReadonlyArray<Uint8Array> =>
  Array.from({ length: Math.floor(bytes.length / keyBytes) }, (_, index) =>
    bytes.slice(index * keyBytes, (index + 1) * keyBytes),
  )

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0

/** The keys in a file. None where it is missing or cannot be read. */
export const readKeys = (fs: FileSystem.FileSystem, file: string): Effect.Effect<ReadonlyArray<Uint8Array>> =>
  Effect.orElseSucceed(Effect.map(fs.readFile(file), keysIn), () => [])

/** Puts a whole new content in the place of a file, for its owner alone, or leaves it as it is. */
const replaceKeys = Effect.fnUntraced(function* (
  fs: FileSystem.FileSystem,
  path: Path.Path,
  file: string,
  bytes: Uint8Array,
): Effect.fn.Return<void, PlatformError, Scope.Scope> {
  const folder = path.dirname(path.resolve(file))
  const draft = path.join(yield* fs.makeTempDirectoryScoped({ directory: folder, prefix: "formae-key-" }), "key")
  yield* fs.writeFile(draft, bytes, { flag: "wx", mode: 0o600 })
  yield* syncFile(fs, draft)
  yield* fs.rename(draft, file)
  yield* syncFolder(fs, folder)
}, Effect.scoped)

/** Keeps the key that is used now with those of before, and puts the next one beside it. */
export const beginKeyChange = Effect.fnUntraced(function* (
  fs: FileSystem.FileSystem,
  path: Path.Path,
  file: string,
  { current, next }: { readonly current: Uint8Array; readonly next: Uint8Array },
): Effect.fn.Return<void, PlatformError> {
  const earlier = yield* readKeys(fs, earlierKeysOf(file))
  const kept = [current, ...earlier.filter((key) => !isSame(key, current))]
  yield* replaceKeys(fs, path, earlierKeysOf(file), Buffer.concat(kept))
  yield* replaceKeys(fs, path, nextKeyOf(file), next)
})

/** Puts the next key in the place of the one in the file. Another process may have done so. */
export const endKeyChange = Effect.fnUntraced(function* (
  fs: FileSystem.FileSystem,
  path: Path.Path,
  file: string,
): Effect.fn.Return<void, PlatformError> {
  yield* Effect.catchIf(
    fs.rename(nextKeyOf(file), file),
    ({ reason }) => reason._tag === "NotFound",
    () => Effect.void,
  )
  yield* syncFolder(fs, path.dirname(path.resolve(file)))
})
