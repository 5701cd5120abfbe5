/** Which plugins the user has added, as the lock file has them, and what each change makes of it. Pure. */
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import { namespaceKey } from "../../protocol/Identity.ts"
import { Sums } from "../trust/Remembered.ts"
import { packageName } from "./PackageSpec.ts"

const PackageName = Schema.String.check(Schema.isPattern(packageName))

/** One version of a package, in a folder of its own. */
export const AddedVersion = Schema.Struct({
  /** Of the package. */
  version: Schema.String,
  /** The name of its folder, which is beside the lock file. */
  folder: Schema.String.check(Schema.isPattern(/^[a-z0-9~][\w.+@~-]*$/)),
  /** The path of its manifest in the package. */
  manifest: Schema.String,
  /** What its manifest says. */
  plugin: Schema.Struct({ name: Schema.String, namespace: Schema.String, version: Schema.SemVerFromString }),
  /** Where npm had it from, without credentials. */
  resolved: Schema.String,
  /** What npm has checked it with. */
  integrity: Schema.String,
  /** The module that runs: its path in the package, and its SHA-256. */
  entry: Schema.Struct({ path: Schema.String, sha256: Schema.String }),
  /** The SHA-256 of each file of the package. */
  files: Sums,
})
export type AddedVersion = typeof AddedVersion.Type

/** A package that was added. */
export const AddedPlugin = Schema.Struct({
  /** The name of the package. */
  name: PackageName,
  /** The range that was asked for. Null if none was, or if it was a tarball. */
  range: Schema.NullOr(Schema.String),
  source: Schema.Literals(["registry", "tarball"]),
  current: AddedVersion,
  /** The one before, as long as the current one has not served. */
  previous: Schema.NullOr(AddedVersion),
})
export type AddedPlugin = typeof AddedPlugin.Type

/** The lock file. */
export const AddedPlugins = Schema.Struct({ version: Schema.Literal(1), plugins: Schema.Array(AddedPlugin) })
export type AddedPlugins = typeof AddedPlugins.Type

export const noPlugins: AddedPlugins = { version: 1, plugins: [] }

const byName = (one: AddedPlugin, other: AddedPlugin): number => (one.name < other.name ? -1 : 1)

/** How the current version of a plugin stands when another one takes its place. */
export interface CurrentState {
  /** Whether it has served. */
  readonly hasServed: boolean
  /** Whether all of its files are as they were added. */
  readonly isWhole: boolean
}

/** With a new current version of one plugin. The version that is kept is the last one that has served. */
export const withAdded = (
  { plugins }: AddedPlugins,
  added: Omit<AddedPlugin, "previous">,
  { hasServed, isWhole }: CurrentState,
): AddedPlugins => {
  const before = plugins.find(({ name }) => name === added.name)
  const previous =
    before === undefined ? null : isWhole && (hasServed || before.previous === null) ? before.current : before.previous
  const others = plugins.filter(({ name }) => name !== added.name)
  return { version: 1, plugins: [...others, { ...added, previous }].toSorted(byName) }
}

export const withoutPlugin = ({ plugins }: AddedPlugins, name: string): AddedPlugins => ({
  version: 1,
  plugins: plugins.filter((one) => one.name !== name),
})

/** Without the versions that came before one that has served. */
export const withoutReplaced = (
  { plugins }: AddedPlugins,
  hasServed: (version: AddedVersion) => boolean,
): AddedPlugins => ({
  version: 1,
  plugins: plugins.map((one) => (one.previous !== null && hasServed(one.current) ? { ...one, previous: null } : one)),
})

/**
 * The versions of a plugin from which the catalog chooses the highest that this
 * agent can run. One that was replaced by a lower one is not wanted any more.
 */
export const offeredVersions = ({ current, previous }: AddedPlugin): ReadonlyArray<AddedVersion> =>
  previous !== null &&
  namespaceKey(previous.plugin.namespace) === namespaceKey(current.plugin.namespace) &&
  SemVer.isLessThan(previous.plugin.version, current.plugin.version)
    ? [current, previous]
    : [current]

/** The folders that the lock file names. Each other one is litter. */
export const foldersOf = ({ plugins }: AddedPlugins): ReadonlySet<string> =>
  new Set(
    plugins.flatMap(({ current, previous }) =>
      previous === null ? [current.folder] : [current.folder, previous.folder],
    ),
  )

/** An address without the name, the password and the tokens that may be in it. */
export const withoutCredentials = (address: string): string => {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  url.username = ""
  url.password = ""
  url.search = ""
  url.hash = ""
  return url.href
}
