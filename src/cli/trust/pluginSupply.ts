/** One plugin, as something that a folder supplies. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as SemVer from "effect/SemVer"
import type { CatalogEntry } from "../../agent/index.ts"
import { remarksOn } from "../pluginRemarks.ts"
import { firstOf, shortName } from "./questionLines.ts"
import { fileSums } from "./fileSums.ts"
import type { Supply } from "./Supply.ts"

/** `owned` is the way to its folder, and `directory` has all of its own files. */
export const pluginSupply = Effect.fnUntraced(function* (
  entry: CatalogEntry,
  shipped: ReadonlyArray<CatalogEntry>,
  owned: ReadonlyArray<string>,
  directory: string = entry.directory ?? "",
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const { environment, name, namespace, version } = entry.manifest
  const real = (file: string) => Effect.orElseSucceed(fs.realPath(file), () => file)
  const runs = yield* real(entry.entryPath)
  const folder = yield* real(directory === "" ? path.dirname(runs) : directory)
  const { beyondNamespace, displaces } = remarksOn(entry, shipped) ?? { beyondNamespace: [], displaces: null }
  const instead =
    displaces === null ? "" : `, in place of ${displaces.name} ${displaces.version}, which comes with formae`
  const supply: Supply = {
    kind: "plugin",
    path: folder,
    title: `the plugin ${shortName(name)} ${shortName(SemVer.format(version))} for the namespace ${shortName(namespace)}${instead}`,
    owned: [...owned, folder, path.dirname(runs), runs],
    sums: Effect.provideContext(fileSums(folder, runs), context),
    details: Effect.succeed([
      `runs ${runs}`,
      ...(environment.length === 0 ? [] : [`sees the environment variables ${firstOf(environment)}`]),
      ...(beyondNamespace.length === 0 ? [] : [`of these, not of its namespace: ${firstOf(beyondNamespace)}`]),
    ]),
  }
  return supply
})
