/** The version before the current one, which is kept until the current one has served: the way back, without npm. */
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import { isInside } from "../../agent/catalog/isInside.ts"
import { adviceForKept } from "../advice/adviceForAdded.ts"
import type { AddedPlugin, AddedPlugins } from "./AddedPlugins.ts"
import { addedFolder, readAdded } from "./AddedStore.ts"
import { changesIn } from "./checkAdded.ts"
import type { PackageSpec } from "./PackageSpec.ts"

/** The plugin with the version that is kept as its current one, if that is the version that is asked for and nothing of it has changed. */
export const goBack = Effect.fnUntraced(function* (folder: string, spec: PackageSpec, { plugins }: AddedPlugins) {
  if (spec._tag === "Tarball") return undefined
  const plugin = plugins.find(({ name }) => name === spec.name)
  if (plugin === undefined || plugin.previous === null || plugin.previous.version !== spec.range) return undefined
  const { previous } = plugin
  if ((yield* changesIn(folder, plugin.name, previous)).length > 0) return undefined
  const back: Omit<AddedPlugin, "previous"> = {
    name: plugin.name,
    range: spec.range,
    source: previous.resolved.startsWith("file:") ? "tarball" : "registry",
    current: previous,
  }
  return back
})

/** What to do where a plugin does not start: nothing can be said unless an earlier version of it is kept. `directory` is that of its manifest. */
export const adviceOnStart = Effect.fnUntraced(function* (directory: string) {
  const path = yield* Path.Path
  const folder = yield* addedFolder
  if (folder === undefined || !isInside(path, folder, directory)) return undefined
  const [version] = path.relative(folder, directory).split(path.sep)
  const { plugins } = yield* Effect.orElseSucceed(readAdded(folder), () => ({ plugins: [] }))
  const plugin = plugins.find(({ current }) => current.folder === version)
  return plugin === undefined || plugin.previous === null
    ? undefined
    : adviceForKept(plugin.name, plugin.previous.version)
})
