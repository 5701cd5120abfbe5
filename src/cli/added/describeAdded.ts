/** What somebody who adds a plugin should know of it. */
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import * as SemVer from "effect/SemVer"
import { Catalog } from "../../agent/index.ts"
import { namespaceKey } from "../../protocol/Identity.ts"
import { describeRemarks, remarksOn } from "../pluginRemarks.ts"
import { ownFolder } from "../pluginFolders.ts"
import { shippedFolder, shippedPlugins } from "../shippedPlugins.ts"
import { type AddedPlugin, type AddedPlugins, offeredVersions } from "./AddedPlugins.ts"
import { packageIn } from "./AddedStore.ts"

/** The plugin with what is of interest in its manifest, and whether it is the one that its namespace is served by. */
export const describeAdded = Effect.fnUntraced(function* (
  folder: string,
  plugin: AddedPlugin,
  { plugins }: AddedPlugins,
) {
  const path = yield* Path.Path
  const own = yield* ownFolder
  const place = packageIn(path, folder, plugin.name, plugin.current)
  const offered = plugins.flatMap((one) =>
    offeredVersions(one).map((version) => packageIn(path, folder, one.name, version).manifest),
  )
  const catalogOf = (folders: ReadonlyArray<string>) => Effect.provide(Catalog, Catalog.layerDirectories(folders))
  const all = yield* catalogOf([...offered, ...(own === undefined ? [] : [own]), yield* shippedFolder])
  const [entry] = (yield* catalogOf([place.manifest])).entries
  const { name, namespace, version } = plugin.current.plugin
  const served = all.entries.find((one) => namespaceKey(one.manifest.namespace) === namespaceKey(namespace))
  const isUsed = served?.entryPath === entry?.entryPath
  const remarks = entry === undefined || !isUsed ? undefined : remarksOn(entry, yield* shippedPlugins)
  const environment = entry?.manifest.environment ?? []
  return {
    facts: {
      package: plugin.name,
      version: plugin.current.version,
      range: plugin.range,
      plugin: name,
      namespace,
      environment,
      isUsed,
      displaces: remarks?.displaces ?? null,
      beyondNamespace: remarks?.beyondNamespace ?? [],
    },
    lines: [
      `Added ${plugin.name} ${plugin.current.version}: the plugin ${name} ${SemVer.format(version)} for the namespace ${namespace}`,
      environment.length === 0
        ? "It asks for no environment variables"
        : `It sees the environment variables ${environment.join(", ")}`,
      ...(remarks === undefined ? [] : describeRemarks(name, remarks)),
      ...(isUsed || served === undefined
        ? []
        : [
            `It is not used, because ${served.manifest.name} ${SemVer.format(served.manifest.version)} serves the same namespace, in a version that is not lower: ${served.entryPath}`,
          ]),
      ...(plugin.previous === null
        ? []
        : [`Version ${plugin.previous.version} is kept until this one has been started once`]),
    ],
  }
})
