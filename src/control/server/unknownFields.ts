/** The fields of a request that the agent does not know. */
import type * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import { knownNames } from "../../agent/forma/nearestName.ts"
import { noSuchField } from "../../protocol/Issue.ts"

/** A field that the agent does not know, and what may be in its place. */
export interface UnknownField {
  readonly path: ReadonlyArray<PropertyKey>
  /** The fields that there are, at this place. */
  readonly known: ReadonlyArray<string>
}

/** The fields that a schema does not have. */
export const unknownFields = (
  issue: SchemaIssue.Issue,
  path: ReadonlyArray<PropertyKey> = [],
): ReadonlyArray<UnknownField> => {
  switch (issue._tag) {
    case "UnexpectedKey":
      return [{ path, known: fieldsOf(issue.ast) }]
    case "Pointer":
      return unknownFields(issue.issue, [...path, ...issue.path])
    case "Filter":
    case "Encoding":
      return unknownFields(issue.issue, path)
    case "Composite":
    case "AnyOf":
      return issue.issues.flatMap((one) => unknownFields(one, path))
    default:
      return []
  }
}

const fieldsOf = (ast: SchemaAST.AST): ReadonlyArray<string> =>
  ast._tag === "Objects" ? ast.propertySignatures.map(({ name }) => String(name)) : []

/** What is wrong with the field. */
export const describeUnknownField = ({ known, path }: UnknownField): string =>
  `${noSuchField}; ${knownNames(String(path.at(-1)), "fields", known)}`
