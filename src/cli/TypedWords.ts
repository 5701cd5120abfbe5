/** What can be said of the words of a command line that the parser has not read, or cannot read. */

/** Whether they ask for JSON. */
export const wantsJson = (typed: ReadonlyArray<string>): boolean => {
  const end = typed.indexOf("--")
  const flags = end === -1 ? typed : typed.slice(0, end)
  return flags.includes("--json") || flags.includes("--json=true")
}

/** The commands that only lead to others. */
const groups: ReadonlySet<string> = new Set(["plugin", "policy"])

/** The command that they name, such as `apply` or `plugin test`. */
export const namedCommand = (typed: ReadonlyArray<string>): string => {
  const [first = "formae", second] = typed.filter((word) => !word.startsWith("-"))
  return groups.has(first) && second !== undefined ? `${first} ${second}` : first
}

/** Whether they ask for the version, and for nothing else. */
export const asksForVersion = (typed: ReadonlyArray<string>): boolean =>
  typed.length === 1 && (typed[0] === "--version" || typed[0] === "-v")
