/** What keeps an answer from being read, by the defect that reading it ended in. */
import * as Predicate from "effect/Predicate"
import * as SchemaIssue from "effect/SchemaIssue"
import { cutText } from "../../protocol/cutText.ts"
import { formatIssue, formatPath, type LocatedIssue, locateIssues } from "../../protocol/Issue.ts"

/** How many characters the mistakes of one answer take in a message. */
const maxDescription = 500

/** The mistakes, each with its path in the value of the answer, and none of its values. Undefined if the defect is something else. */
const readingIssues = (defect: unknown): ReadonlyArray<LocatedIssue> | undefined => {
  const issue = Predicate.hasProperty(defect, "issue") && SchemaIssue.isIssue(defect.issue) ? defect.issue : undefined
  if (issue === undefined) return undefined
  return locateIssues(issue).map(({ message, path }) => ({ message, path: path.filter((key) => key !== "value") }))
}

/** The fields that cannot be read, and why. */
export const describeUnreadable = (defect: unknown): string | undefined => {
  const issues = readingIssues(defect)
  return issues && cutText(issues.map(formatIssue).join("; "), maxDescription)
}

/** The fields that cannot be read. */
export const unreadableFields = (defect: unknown): string | undefined => {
  const issues = readingIssues(defect)
  return issues && cutText([...new Set(issues.map(({ path }) => formatPath(path)))].join(", "), maxDescription)
}
