/** The plugins that a folder supplies. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as SemVer from "effect/SemVer"
import { Catalog, type CatalogEntry } from "../../agent/index.ts"
import { remarksOn } from "../pluginRemarks.ts"
import { shippedPlugins } from "../shippedPlugins.ts"
import { fileSums } from "./fileSums.ts"
import { pluginsIn } from "./FolderPlaces.ts"
import type { Supply } from "./Supply.ts"

const supplyOf = Effect.fnUntraced(function* (
  plugins: string,
  entry: CatalogEntry,
  shipped: ReadonlyArray<CatalogEntry>,
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const { environment, name, namespace, version } = entry.manifest
  const real = (file: string) => Effect.orElseSucceed(fs.realPath(file), () => file)
  const directory = yield* real(entry.directory ?? path.dirname(entry.entryPath))
  const runs = yield* real(entry.entryPath)
  const { beyondNamespace, displaces } = remarksOn(entry, shipped) ?? { beyondNamespace: [], displaces: null }
  const instead =
    displaces === null ? "" : `, in place of ${displaces.name} ${displaces.version}, which comes with formae`
  const supply: Supply = {
    kind: "plugin",
    path: directory,
    title: `the plugin ${name} ${SemVer.format(version)} for the namespace ${namespace}${instead}`,
    owned: [path.dirname(plugins), plugins, directory, path.dirname(runs), runs],
    sums: Effect.provideContext(fileSums(directory), context),
    details: Effect.succeed([
      `runs ${runs}`,
      ...(environment.length === 0 ? [] : [`sees the environment variables ${environment.join(", ")}`]),
      ...(beyondNamespace.length === 0 ? [] : [`of these, not of its namespace: ${beyondNamespace.join(", ")}`]),
    ]),
  }
  return supply
})

/** Those that can be used, except what is in a folder of `named`. Nothing of them is run. */
export const pluginSupplies = Effect.fnUntraced(function* (folder: string, named: ReadonlyArray<string> = []) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const plugins = path.join(folder, pluginsIn)
  const { entries } = yield* Effect.provide(Catalog, Catalog.layerDirectories([plugins]))
  if (entries.length === 0) return []
  const shipped = yield* shippedPlugins
  const supplies = yield* Effect.forEach(entries, (entry) => supplyOf(plugins, entry, shipped))
  const elsewhere = yield* Effect.forEach([plugins, ...named], (one) =>
    Effect.orElseSucceed(fs.realPath(one), () => one),
  )
  const [here = plugins, ...others] = elsewhere
  return others.includes(here) ? [] : supplies.filter(({ path }) => !others.includes(path))
})
