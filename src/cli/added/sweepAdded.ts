/** Removes what no command uses any more: replaced versions that are not needed, and what killed commands have left. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { type AddedPlugins, foldersOf, withoutReplaced } from "./AddedPlugins.ts"
import { changeAdded, hasServed, isUnused, readAdded, writeAdded } from "./AddedStore.ts"

/** How the folders begin in which a version is made. Only who changes the plugins uses one. */
export const draftPrefix = "new-"

const remove = (folder: string) =>
  // What cannot be removed now is removed by a later command.
  FileSystem.FileSystem.use((fs) => Effect.ignore(fs.remove(folder, { recursive: true })))

/** The versions of `added` that have served, by their folders. */
export const servedFolders = Effect.fnUntraced(function* (folder: string, { plugins }: AddedPlugins) {
  const served = yield* Effect.filter(
    plugins.map(({ current }) => current),
    (version) => hasServed(folder, version),
  )
  return new Set(served.map((version) => version.folder))
})

/**
 * What the lock file says afterwards. For who keeps all others from changing the
 * plugins. While another command uses them, only drafts are removed.
 */
export const sweepAdded = Effect.fnUntraced(function* (folder: string, added: AddedPlugins) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* Effect.orElseSucceed(fs.readDirectory(folder), () => [])
  const drafts = names.filter((name) => name.startsWith(draftPrefix) && !name.includes("@"))
  yield* Effect.forEach(drafts, (name) => remove(path.join(folder, name)))
  return yield* Effect.scoped(
    Effect.gen(function* () {
      if (!(yield* isUnused(folder))) return added
      const served = yield* servedFolders(folder, added)
      const left = withoutReplaced(added, (version) => served.has(version.folder))
      // First the lock file: what it names is always there.
      if (left.plugins.some(({ previous }, index) => previous !== added.plugins[index]?.previous)) {
        yield* writeAdded(folder, left)
      }
      const kept = foldersOf(left)
      const litter = names.filter((name) => name.includes("@") && !kept.has(name))
      yield* Effect.forEach(litter, (name) => remove(path.join(folder, name)))
      return left
    }),
  )
})

/** The same, unless another command is changing the plugins, which sweeps too. Nothing depends on it. */
export const trySweep = Effect.gen(function* () {
  const folder = yield* changeAdded
  yield* sweepAdded(folder, yield* readAdded(folder))
}).pipe(Effect.scoped, Effect.ignore)
