/** Checks values against the JSON Schemas of plugins, so that mistakes are found before anything is done. */
import * as JsonSchema from "effect/JsonSchema"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import { type LocatedIssue, locateIssues } from "../../protocol/Issue.ts"
import type { Properties } from "../../protocol/Resource.ts"

type Path = ReadonlyArray<PropertyKey>
type Check = (value: Properties) => SchemaIssue.Issue | undefined

/** The issues that a schema finds in a value, except those that depend on the references at the paths `references`. */
export const checkAgainst = (
  schema: Properties,
  value: Properties,
  references: ReadonlyArray<Path> = [],
): ReadonlyArray<LocatedIssue> => {
  const issue = checkOf(schema)(value)
  return issue === undefined ? [] : certainOf(issue, [], references)
}

/** One for each schema that a plugin has sent. */
const checks = new WeakMap<Properties, Check>()

const checkOf = (schema: Properties): Check => {
  const known = checks.get(schema)
  if (known !== undefined) return known
  const made = makeCheck(schema)
  checks.set(schema, made)
  return made
}

const makeCheck = (schema: Properties): Check => {
  const imported = importSchema(schema)
  // A schema that cannot be checked here is left to the plugin, which decodes what it receives.
  if (Option.isNone(imported)) return () => undefined
  // A schema whose `$ref`s lead in a circle never ends, and throws when it has used up the stack.
  const decode = Option.liftThrowable(
    Schema.decodeUnknownResult(imported.value, { onExcessProperty: "error", errors: "all" }),
  )
  return (value) => {
    const decoded = Option.getOrUndefined(decode(value))
    return decoded?._tag === "Failure" ? decoded.failure.issue : undefined
  }
}

const importSchema = Option.liftThrowable((schema: Properties) => {
  const document = JsonSchema.fromSchemaDraft2020_12(schema)
  return SchemaRepresentation.fromJsonSchemaDocument(document, {
    // Patterns come from code that the user runs, and are applied only to what the user has written.
    patterns: "apply",
    // The import drops the message of a constraint, but keeps its description.
    onEnter: (node) => ({ ...node, description: node["message"] }),
  }) as Schema.Codec<unknown>
})

/** The issues that hold for all values of the references. */
const certainOf = (
  issue: SchemaIssue.Issue,
  path: Path,
  references: ReadonlyArray<Path>,
): ReadonlyArray<LocatedIssue> => {
  switch (issue._tag) {
    case "Pointer":
      return certainOf(issue.issue, [...path, ...issue.path], references)
    case "Composite":
      return issue.issues.flatMap((one) => certainOf(one, path, references))
    default: {
      const depends = references.some((reference) =>
        // A field that does not exist must not hold a reference either.
        issue._tag === "UnexpectedKey"
          ? reference.length < path.length && leadsTo(reference, path)
          : leadsTo(reference, path) || leadsTo(path, reference),
      )
      return depends ? [] : locate(issue, path)
    }
  }
}

const leadsTo = (way: Path, path: Path): boolean => way.every((key, index) => path[index] === key)

const locate = (issue: SchemaIssue.Issue, at: Path): ReadonlyArray<LocatedIssue> => {
  const sentence = issue._tag === "Filter" ? issue.filter.annotations?.description : undefined
  return sentence === undefined
    ? locateIssues(issue).map(({ message, path }) => ({ path: [...at, ...path], message }))
    : [{ path: at, message: sentence }]
}
