/** The change log: what the commits of a version say. */

/** A commit, with the first line of its message. */
export interface Commit {
  readonly hash: string
  readonly subject: string
}

const title = "# Changes\n"

/** Kept for those who look for what was changed, not for how the work went. */
const isOfInterest = ({ subject }: Commit): boolean => !/^(Merge|Revert "Merge|fixup!|squash!)\b/.test(subject)

/** The section of one version. `commits` has the latest first. */
export const sectionOf = (version: string, date: string, commits: ReadonlyArray<Commit>): string => {
  const told = commits.filter(isOfInterest)
  const lines = told.map(({ hash, subject }) => `* ${subject} (${hash})`)
  return [`## ${version} (${date})`, "", ...(lines.length === 0 ? ["Nothing was changed."] : lines), ""].join("\n")
}

/** The log with the section of the version at its top, in the place of the one that it may have. */
export const withSection = (log: string, version: string, section: string): string => {
  const sections = log.split(/^(?=## )/m).filter((part) => part.startsWith("## "))
  const others = sections.filter((part) => !part.startsWith(`## ${version} (`)).map((part) => part.trimEnd())
  return [title, section.trimEnd(), ...others].join("\n\n").replace(`${title}\n\n`, `${title}\n`).concat("\n")
}
