/** The catalog: the manifests found on disk, with the version chosen for each namespace. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import { supportedProtocol } from "../../protocol/Handshake.ts"
import { describeIssue } from "../../protocol/Issue.ts"
import { namespaceKey } from "../../protocol/Identity.ts"
import type { InProcessPlugin } from "../../protocol/InProcessPlugin.ts"
import { agentVersion } from "../version.ts"
import { type Candidate, chooseManifests, type RejectedPlugin, type WantedVersions } from "./CatalogChoice.ts"
import { Manifest, manifestFile } from "./Manifest.ts"
import { isDenied, manifestText } from "./manifestText.ts"
import { NamespaceUnknown } from "./NamespaceUnknown.ts"
import { findEntry } from "./PluginEntry.ts"
import { findConflict, type PluginsConflict } from "./PluginsConflict.ts"

/** A plugin that can be launched. */
export interface CatalogEntry {
  /** What the plugin says about itself in its folder: name, namespace, versions, entry. */
  readonly manifest: Manifest
  /** The absolute path of the module to run, without links. */
  readonly entryPath: string
  /** The absolute path of the folder with its manifest. Absent where it is not on disk. */
  readonly directory?: string
}

/** The plugins that can be launched, and those that were found and cannot be used. */
export class Catalog extends Context.Service<
  Catalog,
  {
    /** The plugins that can be launched, one for each namespace. */
    readonly entries: ReadonlyArray<CatalogEntry>
    /** What was found and cannot be used, with the reason. */
    readonly rejected: ReadonlyArray<RejectedPlugin>
    /** The plugin of a namespace, compared without regard to case. */
    readonly find: (namespace: string) => Effect.Effect<CatalogEntry, NamespaceUnknown>
  }
>()("formae/agent/catalog/Catalog") {
  /** A catalog with these entries. */
  static fromEntries(
    entries: ReadonlyArray<CatalogEntry>,
    rejected: ReadonlyArray<RejectedPlugin> = [],
  ): Catalog["Service"] {
    const byKey = new Map(entries.map((entry) => [namespaceKey(entry.manifest.namespace), entry]))
    return {
      entries,
      rejected,
      find: (namespace) => {
        const entry = byKey.get(namespaceKey(namespace))
        if (entry !== undefined) return Effect.succeed(entry)
        const refused =
          rejected.find((one) => one.namespace && namespaceKey(one.namespace) === namespaceKey(namespace)) ??
          // It may be the plugin that is wanted: its namespace could not be read.
          rejected.find((one) => one.namespace === undefined)
        return Effect.fail(
          new NamespaceUnknown({
            namespace,
            known: entries.map(({ manifest }) => manifest.namespace),
            ...(refused === undefined ? {} : { refused: `${refused.path}: ${refused.reason}` }),
          }),
        )
      },
    }
  }

  /**
   * Reads the manifests of the plugins in `directories`: of each folder in
   * them, or of the directory itself if it is a plugin. The path of a manifest
   * stands for one plugin. What cannot be read is
   * rejected with a reason and does not affect the others, and so is a version
   * that is not `wanted`.
   */
  static readonly layerDirectories = (
    directories: ReadonlyArray<string>,
    wanted?: WantedVersions,
  ): Layer.Layer<Catalog, never, FileSystem.FileSystem | Path.Path> =>
    Layer.effect(
      Catalog,
      Effect.gen(function* () {
        const { candidates, unreadable } = yield* findCandidates(directories)
        const { chosen, rejected } = chooseManifests(candidates, agentVersion, wanted)
        const entries = [...chosen.values()]
        return Catalog.fromEntries(entries, [...unreadable, ...rejected])
      }),
    )

  /**
   * The plugins that run inside the agent's own process. Fails with
   * `PluginsConflict` if two of them have the same namespace or the same name.
   */
  static readonly layerInProcess = (plugins: ReadonlyArray<InProcessPlugin>): Layer.Layer<Catalog, PluginsConflict> =>
    Layer.effect(
      Catalog,
      Effect.suspend(() => {
        const conflict = findConflict(plugins)
        return conflict === undefined
          ? Effect.succeed(Catalog.fromEntries(plugins.map(inProcessEntry)))
          : Effect.fail(conflict)
      }),
    )
}

const inProcessEntry = ({ name, namespace, version }: InProcessPlugin): CatalogEntry => ({
  entryPath: `in-process:${name}`,
  manifest: {
    name,
    namespace,
    version: SemVer.parseUnsafe(version),
    protocol: supportedProtocol,
    minAgentVersion: agentVersion,
    entry: `in-process:${name}`,
    environment: [],
  },
})

/** The plugins in some directories, before one is chosen for each namespace. */
export const findCandidates = Effect.fnUntraced(function* (directories: ReadonlyArray<string>) {
  const found = yield* Effect.forEach(directories, findManifests, { concurrency: 4 })
  const read = yield* Effect.forEach(found.flat(), readManifest, { concurrency: 16 })
  return {
    candidates: read.filter((one): one is Candidate => "manifest" in one),
    unreadable: read.filter((one): one is RejectedPlugin => "reason" in one),
  }
})

const findManifests = Effect.fnUntraced(function* (directory: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const root = path.resolve(directory)
  if (path.basename(root) === manifestFile) return [root]
  const manifestIn = (folder: string) => path.join(root, folder, manifestFile)
  if (yield* exists(manifestIn("."))) return [manifestIn(".")]
  const folders = yield* Effect.result(fs.readDirectory(root))
  if (folders._tag === "Failure") return isDenied(folders.failure) ? [root] : []
  return yield* Effect.filter(folders.success.toSorted().map(manifestIn), exists, { concurrency: 16 })
})

/** What this user may not look for counts as there, so that the reason is told where it is read. */
const exists = (file: string) =>
  FileSystem.FileSystem.use((fs) => Effect.match(fs.exists(file), { onFailure: isDenied, onSuccess: (there) => there }))

const readManifest = Effect.fnUntraced(function* (
  file: string,
): Effect.fn.Return<Candidate | RejectedPlugin, never, FileSystem.FileSystem | Path.Path> {
  const path = yield* Path.Path
  const read = yield* Effect.result(Effect.flatMap(manifestText(file), parseJson))
  if (read._tag === "Failure") return { path: file, reason: read.failure }
  const decoded = decodeManifest(read.success)
  const namespace = namespaceIn(read.success)
  const reject = (reason: string): RejectedPlugin => ({ path: file, reason, ...namespace })
  if (decoded._tag === "Failure") return reject(describeIssue(decoded.failure.issue))
  const manifest = decoded.success
  const directory = path.dirname(file)
  const entry = yield* Effect.result(findEntry(directory, manifest.entry))
  if (entry._tag === "Failure") return reject(entry.failure)
  return { manifest, directory, entryPath: entry.success }
})

const decodeManifest = Schema.decodeUnknownResult(Manifest, { errors: "all" })

/** Node's message says where in the text the mistake is. */
const parseJson = (text: string) =>
  Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: (error) => `it is not JSON: ${Predicate.isError(error) ? error.message : String(error)}`,
  })

/** The namespace that a manifest names, even if the rest of it is wrong. */
const namespaceIn = (value: unknown): { readonly namespace?: string } =>
  Predicate.hasProperty(value, "namespace") && Predicate.isString(value.namespace) ? { namespace: value.namespace } : {}
