/** What is wrong with packages that are about to be released. Pure. */
import { installedWith, type LockedPackages } from "./installedWith.ts"
import { licenseObjections } from "./Licensed.ts"
import type { Packed } from "./packPackages.ts"
import type { ReleasedPackage } from "./releasedPackages.ts"

const tooLarge = (what: string, bytes: number, limit: number): ReadonlyArray<string> =>
  bytes <= limit ? [] : [`${what} is ${bytes} bytes, more than the ${limit} that are allowed`]

/** What a package has that nobody needs, or too much of. */
export const contentObjections = (
  { files, size, unpackedSize }: Pick<Packed, "files" | "size" | "unpackedSize">,
  limits: Pick<ReleasedPackage, "files" | "installedBytes" | "packedBytes">,
): ReadonlyArray<string> => [
  ...files.flatMap(({ path }) => (limits.files.test(path) ? [] : [`${path} is not needed in the package`])),
  ...tooLarge("the tarball", size, limits.packedBytes),
  ...tooLarge("what is installed", unpackedSize, limits.installedBytes),
]

/** Packages of one release have one version, and so have the manifests of the plugins in them. */
export const versionObjections = (
  version: string,
  found: ReadonlyArray<{ readonly place: string; readonly version: string }>,
): ReadonlyArray<string> =>
  found.flatMap((one) =>
    one.version === version ? [] : [`${one.place} has the version ${one.version}, but the release is ${version}`],
  )

/** The licenses of what npm installs with a package. */
export const dependencyObjections = (packages: LockedPackages, place: string): ReadonlyArray<string> =>
  licenseObjections(
    [...installedWith(packages, place)].map((name) => {
      const { license, version = "" } = packages[`node_modules/${name}`] ?? {}
      return { name, version, license, text: "" }
    }),
  )
