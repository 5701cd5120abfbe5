/** What a user can do about a plugin that was added. */
import { shellWord } from "./shellWord.ts"

/** How to get a package as the registry has it. */
export const adviceForChanged = (name: string, version: string): string =>
  `If you did not change it yourself, look at who did. "formae plugin add ${shellWord(`${name}@${version}`)}" installs it again, and "formae plugin remove ${shellWord(name)}" removes it`

/** The same for one that came from a tarball. */
export const adviceForChangedTarball = (name: string, tarball: string): string =>
  `If you did not change it yourself, look at who did. "formae plugin add ${shellWord(tarball)}" installs it again, and "formae plugin remove ${shellWord(name)}" removes it`

/** What there is, where the range that was asked for fits nothing. */
export const adviceForRange = (name: string, versions: ReadonlyArray<string>): string => {
  const last = versions.at(-1)
  return last === undefined ? "" : `For example: formae plugin add ${shellWord(`${name}@${last}`)}`
}

export const adviceForOutdated = (name: string, range: string): string =>
  `formae plugin add ${shellWord(`${name}@${range}`)}`

/** How to go back to the version that is kept. */
export const adviceForKept = (name: string, version: string): string =>
  `Version ${version} of ${name} is still there: "formae plugin add ${shellWord(`${name}@${version}`)}" goes back to it`
