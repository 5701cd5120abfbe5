/** package.json as it is published. */
import { cleanExports, type Exports } from "./cleanExports.ts"

interface Manifest {
  readonly [field: string]: unknown
  readonly exports?: Exports
}

/** Only of use in the repository, or, as `private`, there so that nothing is published past the release. */
const repositoryFields: ReadonlySet<string> = new Set([
  "private",
  "scripts",
  "workspaces",
  "overrides",
  "devDependencies",
])

/** Without what only the repository needs, except the fields in `keeps`. */
export const publishedManifest = (manifest: Manifest, keeps: ReadonlyArray<string>): Manifest =>
  Object.fromEntries(
    Object.entries(manifest).flatMap(([field, value]) => {
      if (repositoryFields.has(field) && !keeps.includes(field)) return []
      return [[field, field === "exports" ? cleanExports(manifest.exports) : value]]
    }),
  )
