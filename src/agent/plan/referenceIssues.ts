/** References that cannot have a value, as a plan knows it: found before anything is done. */
import type * as Schema from "effect/Schema"
import type { FormaDocument, FormaIssue } from "../forma/FormaDocument.ts"
import { missingName } from "../forma/MadeName.ts"
import { findReferences, isReference, type Reference, resolveReferences, valueAt } from "../forma/References.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Change } from "./Change.ts"

/** What a plan knows of a value: nothing yet, that there is none, or which one it is. */
type Known = { readonly value: Schema.Json | undefined } | undefined

const knownValue = (change: Change | undefined, property: ReadonlyArray<string>): Known => {
  const isKnown = change?.operation === "noop" && change.blocked === undefined
  return isKnown && change.existing?.actual !== undefined
    ? { value: valueAt(change.existing.actual, property) }
    : undefined
}

const messageOf = ({ label, property }: Reference): string =>
  `${label} has no ${property.join(".")}, so there is nothing to refer to; set it in the document, or refer to another property`

/**
 * Whether what is about to be created may have no such property: the document
 * does not set it, the agent will not make it, and the type does not say that the
 * provider does.
 */
const isDoubtful = (change: Change | undefined, [name = ""]: ReadonlyArray<string>): boolean => {
  if (change?.wanted === undefined || (change.operation !== "create" && change.operation !== "replace")) return false
  const { capabilities, resource } = change.wanted
  const traits = ownValue(capabilities.properties, name)
  if (missingName(capabilities, resource.properties).includes(name)) return false
  return traits?.output === false && !Object.hasOwn(resource.properties ?? {}, name)
}

const doubtOf = ({ label, property: [name] }: Reference): string =>
  `the document does not set ${name} of ${label}, so this has a value only if the provider chooses one; otherwise the change will fail. Set it, or refer to another property`

interface ReferenceFindings {
  readonly issues: ReadonlyArray<FormaIssue>
  /** References that may turn out to lead to nothing. */
  readonly doubts: ReadonlyArray<FormaIssue>
}

/** The references of a forma that lead to nothing, or to what cannot be a part of their texts. */
export const referenceIssues = (
  { resources }: Pick<FormaDocument, "resources">,
  changes: ReadonlyArray<Change>,
): ReferenceFindings => {
  const byLabel = new Map(changes.map((change) => [change.label, change]))
  const found = resources.map(({ label }, index): ReferenceFindings => {
    const change = byLabel.get(label)
    if (change?.wanted === undefined || change.blocked !== undefined) return nothing
    const properties = change.wanted.resource.properties ?? {}
    const references = findReferences(properties).filter(isReference)
    if (references.length === 0) return nothing
    const issuesOf = (some: ReadonlyArray<Reference>, message: (one: Reference) => string) =>
      some.map((one) => ({ path: ["resources", index, "properties", ...one.at], message: message(one) }))
    const empty = references.filter((one) => {
      const known = knownValue(byLabel.get(one.label), one.property)
      return known !== undefined && known.value === undefined
    })
    const { unfit } = resolveReferences(
      properties,
      (referred, property) => knownValue(byLabel.get(referred), property)?.value,
    )
    return {
      issues: [
        ...issuesOf(empty, messageOf),
        ...unfit.map(({ message, place }) => ({ path: ["resources", index, "properties", ...place], message })),
      ],
      doubts: issuesOf(
        references.filter((one) => isDoubtful(byLabel.get(one.label), one.property)),
        doubtOf,
      ),
    }
  })
  return { issues: found.flatMap(({ issues }) => issues), doubts: found.flatMap(({ doubts }) => doubts) }
}

const nothing: ReferenceFindings = { issues: [], doubts: [] }
