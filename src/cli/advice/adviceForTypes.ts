/** Where a user of the command sees what the types take whose schemas a document does not fit. */
import type { FormaInvalid } from "../../agent/index.ts"

/** Of more types only the first are named. */
const mostNamed = 3

/** A sentence that follows the mistakes, or an empty text. */
export const adviceForTypes = (issues: FormaInvalid["issues"]): string => {
  const types = [...new Set(issues.flatMap(({ type }) => (type === undefined ? [] : [type])))].slice(0, mostNamed)
  const [first] = types
  if (first === undefined) return ""
  const commands = types.map((type) => `"formae types ${type}"`).join(" and ")
  return `${commands} ${types.length === 1 ? "shows what it takes" : "show what they take"}, with an example`
}
