/** A package in a lock file of npm. */
export interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly link?: boolean
  readonly resolved?: string
  readonly integrity?: string
  readonly optional?: boolean
}

/** The packages of a lock file, by their place. */
export type LockedPackages = Readonly<Record<string, Locked>>

/** What npm installs with the package at `place`: its dependencies and its peers, and theirs. */
export const installedWith = (
  packages: LockedPackages,
  place: string,
  found: Set<string> = new Set(),
): ReadonlySet<string> => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = packages[place] ?? {}
  const peers = Object.keys(peerDependencies ?? {}).filter((peer) => peerDependenciesMeta?.[peer]?.optional !== true)
  for (const needed of [...Object.keys(dependencies ?? {}), ...peers]) {
    if (found.has(needed)) continue
    found.add(needed)
    installedWith(packages, `node_modules/${needed}`, found)
  }
  return found
}
