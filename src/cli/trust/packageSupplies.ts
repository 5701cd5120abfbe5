/** The plugins that a project supplies: packages among its dependencies. */
import * as Digest from "effect/crypto/Digest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { Catalog } from "../../agent/index.ts"
import { findUpwards, type PluginPackage, type Project } from "../project/Project.ts"
import { shippedPlugins } from "../shippedPlugins.ts"
import { pluginSupply } from "./pluginSupply.ts"
import type { Supply } from "./Supply.ts"
import { NotSummed } from "./TrustError.ts"

const lockFiles = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"]

/** What a package runs of other packages is not in its folder. The lock file of the project says what it is. */
const lockSum = Effect.fnUntraced(function* (project: string) {
  const fs = yield* FileSystem.FileSystem
  const digest = yield* Digest.Digest
  const file = yield* findUpwards(project, ...lockFiles)
  if (file === undefined) return {}
  const bytes = yield* Effect.mapError(
    fs.readFile(file),
    ({ message }) => new NotSummed({ path: file, reason: message }),
  )
  return { [`the lock file ${file}`]: yield* digest.digestHex(Digest.sha256, bytes) }
}, Effect.provide(Digest.layerWebCrypto))

const supplyOf = Effect.fnUntraced(function* (
  project: string,
  { directory, hasDependencies, manifest }: PluginPackage,
) {
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const { entries } = yield* Effect.provide(Catalog, Catalog.layerDirectories([manifest]))
  const [entry] = entries
  if (entry === undefined) return []
  const way = [project, path.join(project, "package.json"), path.dirname(directory)]
  const supply = yield* pluginSupply(entry, yield* shippedPlugins, way, directory)
  if (!hasDependencies) return [supply]
  const sums = Effect.zipWith(supply.sums, Effect.provideContext(lockSum(project), context), (own, lock) => ({
    ...own,
    ...lock,
  }))
  const locked: Supply = { ...supply, sums }
  return [locked]
})

/** Those that can be used, except the packages in `named`. Nothing of them is run. */
export const packageSupplies = Effect.fnUntraced(function* (
  { folder, plugins }: Project,
  named: ReadonlyArray<string> = [],
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const elsewhere = yield* Effect.forEach(named, (one) => Effect.orElseSucceed(fs.realPath(one), () => one))
  const asked = plugins.filter(
    ({ directory, manifest }) => !elsewhere.includes(directory) && !elsewhere.includes(path.dirname(manifest)),
  )
  return (yield* Effect.forEach(asked, (one) => supplyOf(folder, one))).flat()
})
