/** The plugins that a folder supplies. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { Catalog } from "../../agent/index.ts"
import { shippedPlugins } from "../shippedPlugins.ts"
import { pluginsIn } from "./FolderPlaces.ts"
import { pluginSupply } from "./pluginSupply.ts"

/** Those of a folder that can be used, except what is in a folder of `named`. Nothing of them is run. */
export const pluginSupplies = (folder: string, named: ReadonlyArray<string> = []) =>
  Path.Path.use((path) => pluginSuppliesIn(path.join(folder, pluginsIn), named))

/** Those in a folder of plugins, as `pluginSupplies`. */
export const pluginSuppliesIn = Effect.fnUntraced(function* (plugins: string, named: ReadonlyArray<string> = []) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { entries } = yield* Effect.provide(Catalog, Catalog.layerDirectories([plugins]))
  if (entries.length === 0) return []
  const shipped = yield* shippedPlugins
  const way = [path.dirname(plugins), plugins]
  const supplies = yield* Effect.forEach(entries, (entry) => pluginSupply(entry, shipped, way))
  const elsewhere = yield* Effect.forEach([plugins, ...named], (one) =>
    Effect.orElseSucceed(fs.realPath(one), () => one),
  )
  const [here = plugins, ...others] = elsewhere
  return others.includes(here) ? [] : supplies.filter(({ path }) => !others.includes(path))
})
