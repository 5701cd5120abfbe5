/** Which fields of an answer have another shape than the protocol says, by the defect that reading it ended in. */
import * as Predicate from "effect/Predicate"
import * as SchemaIssue from "effect/SchemaIssue"
import { cutText } from "../../protocol/cutText.ts"
import { formatPath, locateIssues } from "../../protocol/Issue.ts"

/** How many fields are named. */
const maxFields = 5

/** The fields, as paths from the value of the answer, and none of its values. Undefined if the defect is something else. */
export const unreadableFields = (defect: unknown): string | undefined => {
  const issue = Predicate.hasProperty(defect, "issue") && SchemaIssue.isIssue(defect.issue) ? defect.issue : undefined
  if (issue === undefined) return undefined
  const paths = new Set(locateIssues(issue).map(({ path }) => formatPath(path.filter((key) => key !== "value"))))
  const named = [...paths].filter((path) => path !== "")
  return named.length === 0 ? "its value" : cutText(named.slice(0, maxFields).join(", "), 500)
}
