/** What somebody should know of a plugin that does not come with formae. Pure. */
import * as SemVer from "effect/SemVer"
import type { CatalogEntry } from "../agent/index.ts"
import { isAlwaysAllowed } from "../agent/launch/LaunchEnvironment.ts"
import { namespaceKey } from "../protocol/Identity.ts"

export interface PluginRemarks {
  /** The plugin that comes with formae, and that this one takes the place of. */
  readonly displaces: { readonly name: string; readonly version: string } | null
  /** The environment variables that it asks for, and that do not begin with the name of its namespace. */
  readonly beyondNamespace: ReadonlyArray<string>
}

/** How the variables of a namespace begin: `FAKEAWS_` and `FAKE_AWS_` for `FakeAWS`. */
const prefixesOf = (namespace: string): ReadonlyArray<string> => [
  `${namespace.toUpperCase()}_`,
  `${namespace.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase()}_`,
]

/** Undefined where there is nothing to say. `shipped` are the plugins that come with formae. */
export const remarksOn = (
  { entryPath, manifest }: CatalogEntry,
  shipped: ReadonlyArray<CatalogEntry>,
): PluginRemarks | undefined => {
  // By what runs: the folder may be a link to the one that comes with formae.
  if (shipped.some((one) => one.entryPath === entryPath)) return undefined
  const key = namespaceKey(manifest.namespace)
  const displaced = shipped.find((one) => namespaceKey(one.manifest.namespace) === key)?.manifest
  const prefixes = prefixesOf(manifest.namespace)
  const beyondNamespace = manifest.environment.filter(
    (asked) => !isAlwaysAllowed(asked) && !prefixes.some((prefix) => asked.startsWith(prefix)),
  )
  if (displaced === undefined && beyondNamespace.length === 0) return undefined
  return {
    displaces: displaced === undefined ? null : { name: displaced.name, version: SemVer.format(displaced.version) },
    beyondNamespace,
  }
}

/** The same as sentences without a full stop. */
export const describeRemarks = (
  plugin: string,
  { beyondNamespace, displaces }: PluginRemarks,
): ReadonlyArray<string> => [
  ...(displaces === null
    ? []
    : [`The plugin ${plugin} takes the place of ${displaces.name} ${displaces.version}, which comes with formae`]),
  ...(beyondNamespace.length === 0
    ? []
    : [`The plugin ${plugin} sees variables that are not of its namespace: ${beyondNamespace.join(", ")}`]),
]
