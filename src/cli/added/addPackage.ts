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
import { type AddedPlugin, type AddedPlugins, withAdded } from "./AddedPlugins.ts"
import { changeAdded, hasServed, readAdded, writeAdded } from "./AddedStore.ts"
import { changesIn } from "./checkAdded.ts"
import { inspectPackage } from "./inspectPackage.ts"
import { installPackage } from "./installPackage.ts"
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

/** What was added, with the folder of all. `typed` is how the user has named it. */
export const addPackage = Effect.fnUntraced(function* (spec: PackageSpec, typed: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* changeAdded
  const before = yield* Effect.flatMap(readAdded(folder), (added) => sweepAdded(folder, added))
  const draft = yield* Effect.mapError(
    fs.makeTempDirectoryScoped({ directory: folder, prefix: draftPrefix }),
    notWritten(folder),
  )
  const work = path.join(draft, "made")
  yield* Effect.mapError(fs.makeDirectory(work), notWritten(folder))
  yield* installPackage(work, spec)
  const { name, version } = yield* inspectPackage(work, typed)
  const state = yield* currentState(folder, name, before)
  const versionFolder = yield* folderFor(name, version.version)
  yield* Effect.mapError(fs.rename(work, path.join(folder, versionFolder)), notWritten(folder))
  yield* syncFolder(fs, folder)
  const added: Omit<AddedPlugin, "previous"> = {
    name,
    range: spec._tag === "Registry" ? spec.range : null,
    source: spec._tag === "Registry" ? "registry" : "tarball",
    current: {
      ...version,
      folder: versionFolder,
      resolved: spec._tag === "Registry" ? version.resolved : `file:${spec.path}`,
    },
  }
  const after = withAdded(before, added, state)
  yield* writeAdded(folder, after)
  // What came before may be in nobody's hands now.
  const left = yield* sweepAdded(folder, after)
  return {
    folder,
    plugin: left.plugins.find((one) => one.name === name) ?? { ...added, previous: null },
    plugins: left,
  }
}, Effect.scoped)
