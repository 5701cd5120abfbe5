/** Where plugins are looked for, as `pluginFolders` has it. What is wrong with one of the places does not affect the others. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { addedFolder, readAdded } from "../added/AddedStore.ts"
import { manifestsOf } from "../added/checkAdded.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import { namedFolders, ownFolder } from "../pluginFolders.ts"
import { findProject } from "../project/Project.ts"
import { shippedFolder } from "../shippedPlugins.ts"
import type { Subject } from "./Check.ts"
import { type Finding, findingOf, problem } from "./Finding.ts"

interface Places {
  readonly folders: ReadonlyArray<string>
  readonly findings: ReadonlyArray<Finding>
}

const orFinding = <R>(look: Effect.Effect<ReadonlyArray<string>, CommandFailure, R>) =>
  Effect.match(look, {
    onFailure: (failure): Places => ({ folders: [], findings: [findingOf(failure)] }),
    onSuccess: (folders): Places => ({ folders, findings: [] }),
  })

const joined = (places: ReadonlyArray<Places>): Places => ({
  folders: places.flatMap(({ folders }) => folders),
  findings: places.flatMap(({ findings }) => findings),
})

/** The plugins that the user has added, without keeping others from them, or removing what is left over. */
const added = Effect.gen(function* () {
  const folder = yield* addedFolder
  if (folder === undefined) return { folders: [], findings: [] }
  const read = yield* Effect.result(readAdded(folder))
  if (read._tag === "Failure") return { folders: [], findings: [findingOf(read.failure)] }
  return joined(
    yield* Effect.forEach(read.success.plugins, (plugin) => orFinding(manifestsOf(folder, plugin)), { concurrency: 4 }),
  )
})

const named = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const isFolder = yield* Effect.match(fs.stat(folder), {
    onFailure: () => false,
    onSuccess: ({ type }) => type === "Directory",
  })
  if (isFolder) return { folders: [folder], findings: [] }
  const finding = problem(
    `There is no such plugin folder: ${folder}`,
    "Name another one, with --plugins or in the configuration, or make it",
  )
  return { folders: [], findings: [finding] }
})

export const pluginPlaces = Effect.fnUntraced(function* ({ config, flags }: Subject) {
  const path = yield* Path.Path
  const { isAll, named: names } = namedFolders(flags, config)
  const those = joined(yield* Effect.forEach(names, named))
  if (isAll) return those
  const own = yield* ownFolder
  return joined([
    those,
    { folders: [path.resolve(config.places.plugins)], findings: [] },
    yield* orFinding(Effect.map(findProject("."), (project) => project?.plugins.map(({ manifest }) => manifest) ?? [])),
    yield* added,
    { folders: [...(own === undefined ? [] : [own]), yield* shippedFolder], findings: [] },
  ])
})
