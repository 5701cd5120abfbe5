/** The plugins that were added, with what can be said of each. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as SemVer from "effect/SemVer"
import { folderReason, temporaryFolderIn } from "../../agent/store/fileReason.ts"
import { badInput, CommandFailure, exitCodes } from "../CommandFailure.ts"
import { firstOf } from "../trust/questionLines.ts"
import type { AddedPlugin } from "./AddedPlugins.ts"
import { addedFolder, hasServed, readAdded } from "./AddedStore.ts"
import { changesIn } from "./checkAdded.ts"
import { lookUpNewest } from "./registryVersions.ts"
import { trySweep } from "./sweepAdded.ts"

export interface Listed {
  readonly plugin: AddedPlugin
  readonly hasServed: boolean
  /** The files that have changed since it was added. */
  readonly changed: ReadonlyArray<string>
  /** The highest version that fits its range, and the latest one. Absent where nobody asked, or for a tarball. */
  readonly newest?: { readonly fitting: string | null; readonly latest: string | null }
}

const newestOf = Effect.fnUntraced(function* ({ name, range, source }: AddedPlugin) {
  if (source === "tarball") return {}
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = yield* Effect.mapError(fs.makeTempDirectoryScoped({ prefix: "formae-npm-" }), (error) =>
    badInput(
      "NoTemporaryFolder",
      `No folder for npm can be made in ${temporaryFolderIn(path, error)}: ${folderReason(error)}. Set TMPDIR to a folder that this user may write to`,
    ),
  )
  const found = yield* lookUpNewest(folder, name, range)
  if (found._tag === "Found") return { newest: { fitting: found.fitting, latest: found.latest } }
  const { code, summary } = found.error
  const message = `npm could not look up ${name}: ${summary}${code === "" ? "" : ` (${code})`}`
  return yield* new CommandFailure({ exitCode: exitCodes.failed, message, error: { code: "NpmFailed", message } })
}, Effect.scoped)

export const listAdded = Effect.fnUntraced(function* (asksRegistry: boolean) {
  const folder = yield* addedFolder
  if (folder === undefined)
    return yield* badInput("NoDataFolder", "This user has no folder for plugins. Set HOME or XDG_DATA_HOME")
  if ((yield* readAdded(folder)).plugins.length === 0) return []
  yield* trySweep
  const { plugins } = yield* readAdded(folder)
  return yield* Effect.forEach(
    plugins,
    (plugin) =>
      Effect.gen(function* () {
        const listed: Listed = {
          plugin,
          hasServed: yield* hasServed(folder, plugin.current),
          changed: yield* changesIn(folder, plugin.name, plugin.current),
          ...(asksRegistry ? yield* newestOf(plugin) : {}),
        }
        return listed
      }),
    { concurrency: 4 },
  )
})

/** Whether there is a version that is not the current one, and not lower. */
export const isOutdated = ({ newest, plugin }: Listed): boolean => {
  const versions = [newest?.fitting, newest?.latest].filter((one) => typeof one === "string")
  return versions.some((version) => isHigher(version, plugin.current.version))
}

const isHigher = (version: string, than: string): boolean => {
  const [one, other] = [SemVer.parse(version), SemVer.parse(than)]
  // What is not a semantic version can only be told to be another one.
  if (one._tag === "Failure" || other._tag === "Failure") return version !== than
  return SemVer.isGreaterThan(one.success, other.success)
}

const stateOf = ({ changed, hasServed: served, plugin }: Listed): string => {
  if (changed.length > 0) return `changed: ${firstOf(changed)}`
  if (served) return "ready"
  return plugin.previous === null ? "not used yet" : `not used yet, ${plugin.previous.version} is kept`
}

export const listedFacts = (listed: Listed) => {
  const { current, name, previous, range, source } = listed.plugin
  return {
    package: name,
    version: current.version,
    range,
    source,
    plugin: current.plugin.name,
    namespace: current.plugin.namespace,
    resolved: current.resolved,
    integrity: current.integrity,
    entry: current.entry,
    hasServed: listed.hasServed,
    previous: previous?.version ?? null,
    changed: listed.changed,
    ...(listed.newest === undefined ? {} : { ...listed.newest, isOutdated: isOutdated(listed) }),
  }
}

/** The cells of a row of the table. */
export const listedRow = (listed: Listed, asksRegistry: boolean): ReadonlyArray<string> => {
  const { current, name, range, source } = listed.plugin
  return [
    name,
    current.version,
    source === "tarball" ? "a tarball" : (range ?? "latest"),
    current.plugin.namespace,
    ...(asksRegistry ? [listed.newest?.fitting ?? "-", listed.newest?.latest ?? "-"] : [stateOf(listed)]),
  ]
}
