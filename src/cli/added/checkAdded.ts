/** Whether the plugins that were added are still what was added. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type * as Scope from "effect/Scope"
import { adviceForChanged, adviceForChangedTarball } from "../advice/adviceForAdded.ts"
import { withAdvice } from "../advice/withAdvice.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { fileSums } from "../trust/fileSums.ts"
import { firstOf } from "../trust/questionLines.ts"
import { changedNames } from "../trust/standing.ts"
import { type AddedPlugin, type AddedVersion, offeredVersions } from "./AddedPlugins.ts"
import { addedFolder, packageIn, readAdded, useAdded } from "./AddedStore.ts"
import { servedFolders, trySweep } from "./sweepAdded.ts"

type Files = FileSystem.FileSystem | Path.Path

/** The files of a version that are not as they were added, in order. A package that cannot be read has changed as a whole. */
export const changesIn = Effect.fnUntraced(function* (
  folder: string,
  name: string,
  version: AddedVersion,
): Effect.fn.Return<ReadonlyArray<string>, never, Files> {
  const path = yield* Path.Path
  const { directory } = packageIn(path, folder, name, version)
  return yield* Effect.match(fileSums(directory), {
    onFailure: (error) => [error.path],
    onSuccess: (files) => changedNames(version.files, files),
  })
})

const changedFailure = (
  { current, name, source }: AddedPlugin,
  directory: string,
  changed: ReadonlyArray<string>,
): CommandFailure => {
  const message = `The plugin in ${name} ${current.version} is not what was added. In ${directory}, these files have changed: ${firstOf(changed)}. Nothing was started, and nothing was changed`
  const advice =
    source === "tarball"
      ? adviceForChangedTarball(name, current.resolved.replace(/^file:/, ""))
      : adviceForChanged(name, current.version)
  return new CommandFailure({
    exitCode: exitCodes.badInput,
    message: withAdvice(message, advice),
    error: {
      code: "AddedPluginChanged",
      message,
      facts: { package: name, version: current.version, changed: [...changed] },
    },
  })
}

/** The manifests of one plugin. Fails where a file of its current version has changed; an earlier one that has is not offered. */
export const manifestsOf = Effect.fnUntraced(function* (
  folder: string,
  plugin: AddedPlugin,
): Effect.fn.Return<ReadonlyArray<string>, CommandFailure, Files> {
  const path = yield* Path.Path
  const [current, ...earlier] = offeredVersions(plugin).map((version) => ({
    version,
    place: packageIn(path, folder, plugin.name, version),
  }))
  if (current === undefined) return []
  const changed = yield* changesIn(folder, plugin.name, current.version)
  if (changed.length > 0) return yield* changedFailure(plugin, current.place.directory, changed)
  const whole = yield* Effect.filter(earlier, ({ version }) =>
    Effect.map(changesIn(folder, plugin.name, version), (changes) => changes.length === 0),
  )
  return [current, ...whole].map(({ place }) => place.manifest)
})

/** The manifests of all plugins that were added, which stay there until the scope closes. */
export const addedManifests: Effect.Effect<ReadonlyArray<string>, CommandFailure, Files | Scope.Scope> = Effect.gen(
  function* () {
    const folder = yield* addedFolder
    if (folder === undefined) return []
    const before = yield* readAdded(folder)
    const served = yield* servedFolders(folder, before)
    if (before.plugins.some(({ current, previous }) => previous !== null && served.has(current.folder))) yield* trySweep
    const { plugins } = yield* useAdded(folder)
    return (yield* Effect.forEach(plugins, (plugin) => manifestsOf(folder, plugin), { concurrency: 4 })).flat()
  },
)
