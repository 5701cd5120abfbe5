/** What a user types to name a package: a name with or without a range, or a tarball. Pure. */

export type PackageSpec =
  /** A package of a registry. Without a range, it is the version that the registry calls the latest. */
  | { readonly _tag: "Registry"; readonly name: string; readonly range: string | null }
  /** A file, as `npm pack` makes it. */
  | { readonly _tag: "Tarball"; readonly path: string }

/** A name as npm has it, which cannot lead out of a folder, nor be taken for a flag. */
export const packageName = /^(?:@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*$/

/** A range, a version or a tag. Not an address: only what a registry has is looked for by its name. */
const range = /^[\w.*+~^<>=| -]+$/

/** Undefined where it is none of these. */
export const parsePackageSpec = (typed: string): PackageSpec | undefined => {
  if (/\.(?:tgz|tar\.gz)$/.test(typed) && !/^[a-z+]{2,}:/i.test(typed)) return { _tag: "Tarball", path: typed }
  const at = typed.indexOf("@", 1)
  const name = at === -1 ? typed : typed.slice(0, at)
  const wanted = at === -1 ? null : typed.slice(at + 1)
  if (!packageName.test(name) || (wanted !== null && !range.test(wanted))) return undefined
  return { _tag: "Registry", name, range: wanted }
}
