/**
 * Adds a plugin. It is made in a draft beside the others, looked at, and renamed;
 * the lock file, which is written last and in one step, makes it count. So a kill
 * at any moment leaves what was there before, and litter.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import { syncFolder } from "../../agent/store/DurableFolder.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { type AddedPlugin, type AddedPlugins, withAdded, withoutPlugin } from "./AddedPlugins.ts"
import { changeAdded, hasServed, readAdded, writeAdded } from "./AddedStore.ts"
import { changesIn } from "./checkAdded.ts"
import { inspectPackage } from "./inspectPackage.ts"
import { installPackage } from "./installPackage.ts"
import { goBack } from "./keptVersion.ts"
import type { PackageSpec } from "./PackageSpec.ts"
import { draftPrefix, sweepAdded } from "./sweepAdded.ts"

const notWritten = (folder: string) => (error: PlatformError) => {
  const message = `The plugin cannot be written to ${folder}: ${error.message}. Nothing was changed`
  return new CommandFailure({ exitCode: exitCodes.failed, message, error: { code: "FileUnwritable", message } })
}

/** A name that no other version has, and that says what is in it. */
const folderFor = (name: string, version: string) =>
  Effect.provide(
    SecureRandom.SecureRandom.use((random) =>
      Effect.map(
        random.uuidV4(),
        (id) => `${name.replace(/^@/, "").replace("/", "+")}@${version.replaceAll(/[^\w.+-]/g, "")}-${id.slice(0, 8)}`,
      ),
    ),
    SecureRandom.layerWebCrypto,
  )

/** How the version stands that is the current one now. */
const currentState = Effect.fnUntraced(function* (folder: string, name: string, { plugins }: AddedPlugins) {
  const current = plugins.find((one) => one.name === name)?.current
  if (current === undefined) return { hasServed: false, isWhole: false }
  const changed = yield* changesIn(folder, name, current)
  return { hasServed: yield* hasServed(folder, current), isWhole: changed.length === 0 }
})

/** Has npm install the package into a folder of its own, which nothing names yet. */
const makeVersion = Effect.fnUntraced(function* (folder: string, spec: PackageSpec, typed: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const draft = yield* Effect.mapError(
    fs.makeTempDirectoryScoped({ directory: folder, prefix: draftPrefix }),
    notWritten(folder),
  )
  const work = path.join(draft, "made")
  yield* Effect.mapError(fs.makeDirectory(work), notWritten(folder))
  yield* installPackage(work, spec)
  const { name, version } = yield* inspectPackage(work, typed)
  const versionFolder = yield* folderFor(name, version.version)
  yield* Effect.mapError(fs.rename(work, path.join(folder, versionFolder)), notWritten(folder))
  yield* syncFolder(fs, folder)
  const current = { ...version, folder: versionFolder }
  const made: Omit<AddedPlugin, "previous"> =
    spec._tag === "Registry"
      ? { name, range: spec.range, source: "registry", current }
      : { name, range: null, source: "tarball", current: { ...current, resolved: `file:${spec.path}` } }
  return made
}, Effect.scoped)

/** What was added, with the folder of all. `typed` is how the user has named it. */
export const addPackage = Effect.fnUntraced(function* (spec: PackageSpec, typed: string) {
  const folder = yield* changeAdded
  const before = yield* Effect.flatMap(readAdded(folder), (added) => sweepAdded(folder, added))
  const kept = yield* goBack(folder, spec, before)
  const added = kept ?? (yield* makeVersion(folder, spec, typed))
  const { name } = added
  const after =
    kept === undefined
      ? withAdded(before, added, yield* currentState(folder, name, before))
      : // What is left was not good.
        withAdded(withoutPlugin(before, name), added, { hasServed: false, isWhole: false })
  yield* writeAdded(folder, after)
  // What came before may be in nobody's hands now.
  const left = yield* sweepAdded(folder, after)
  return {
    folder,
    plugin: left.plugins.find((one) => one.name === name) ?? { ...added, previous: null },
    plugins: left,
  }
}, Effect.scoped)
