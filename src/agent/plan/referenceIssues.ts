/** References that cannot have a value, as a plan knows it: found before anything is done. */
import type * as Schema from "effect/Schema"
import type { FormaDocument, FormaIssue } from "../forma/FormaDocument.ts"
import { findReferences, isReference, type Reference, resolveReferences, valueAt } from "../forma/References.ts"
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

/** The references of a forma that lead to nothing, or to what cannot be a part of their texts. */
export const referenceIssues = (
  { resources }: Pick<FormaDocument, "resources">,
  changes: ReadonlyArray<Change>,
): ReadonlyArray<FormaIssue> => {
  const byLabel = new Map(changes.map((change) => [change.label, change]))
  return resources.flatMap(({ label }, index): ReadonlyArray<FormaIssue> => {
    const change = byLabel.get(label)
    if (change?.wanted === undefined || change.blocked !== undefined) return []
    const properties = change.wanted.resource.properties ?? {}
    const references = findReferences(properties).filter(isReference)
    if (references.length === 0) return []
    const at = ["resources", index, "properties"]
    const empty = references.filter((one) => {
      const known = knownValue(byLabel.get(one.label), one.property)
      return known !== undefined && known.value === undefined
    })
    const { unfit } = resolveReferences(
      properties,
      (referred, property) => knownValue(byLabel.get(referred), property)?.value,
    )
    return [
      ...empty.map((one) => ({ path: [...at, ...one.at], message: messageOf(one) })),
      ...unfit.map(({ message, place }) => ({ path: [...at, ...place], message })),
    ]
  })
}
