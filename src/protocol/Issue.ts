/** Schema issues as sentences: where, then what. Values are never shown, because they may be secret. */
import * as SchemaIssue from "effect/SchemaIssue"

/** One thing that is wrong with a value: the path to it from the root, and a sentence. */
export interface LocatedIssue {
  /** The keys that lead to the place. Empty at the root. */
  readonly path: ReadonlyArray<PropertyKey>
  /** What is wrong, as a sentence without values. */
  readonly message: string
}

/** What is wrong with a field that a schema does not have. */
export const noSuchField = "there is no such field"

/** What is wrong with a field that a schema needs. */
export const missingField = "is missing"

const standard = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    switch (issue._tag) {
      case "UnexpectedKey":
        return noSuchField
      case "MissingKey":
        return issue.annotations?.messageMissingKey ?? missingField
      default:
        return SchemaIssue.defaultLeafHook(issue)
    }
  },
})

const keyOf = (segment: PropertyKey | { readonly key: PropertyKey }): PropertyKey =>
  typeof segment === "object" ? segment.key : segment

/** Everything that is wrong with a value. The messages show no part of the value. */
export const locateIssues = (issue: SchemaIssue.Issue): ReadonlyArray<LocatedIssue> =>
  standard(issue).issues.map(({ message, path }) => ({ path: (path ?? []).map(keyOf), message }))

/** A path as a program would write it: `resources[2].target`, or the empty string for the root. */
export const formatPath = (path: ReadonlyArray<PropertyKey>): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    "",
  )

/** `path: message`, or the message alone at the root. */
export const formatIssue = ({ message, path }: LocatedIssue): string =>
  path.length === 0 ? message : `${formatPath(path)}: ${message}`

/** Everything that is wrong with a value, in one line: `path: message; path: message`. */
export const describeIssue = (issue: SchemaIssue.Issue): string => locateIssues(issue).map(formatIssue).join("; ")
