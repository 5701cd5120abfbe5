/** References that cannot have a value, as a plan knows it: found before anything is done. */
import type * as Schema from "effect/Schema"
import type { FormaDocument, FormaIssue } from "../forma/FormaDocument.ts"
import { missingName } from "../forma/MadeName.ts"
import { findReferences, isReference, type Reference, resolveReferences, valueAt } from "../forma/References.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Properties } from "../../protocol/Resource.ts"
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

const doubtOf = ({ label, property: [name] }: Reference, otherwise: string): string =>
  `the document does not set ${name} of ${label}, so this has a value only if the provider chooses one; otherwise ${otherwise}. Set it, or refer to another property`

interface ReferenceFindings {
  readonly issues: ReadonlyArray<FormaIssue>
  /** References that may turn out to lead to nothing. */
  readonly doubts: ReadonlyArray<FormaIssue>
}

/** Values with references, and where in the document they are. */
interface Referring {
  readonly path: ReadonlyArray<string | number>
  readonly values: Properties
  /** What comes of a reference that leads to nothing in the end. */
  readonly otherwise: string
}

/** The references of a forma that lead to nothing, or to what cannot be a part of their texts. */
export const referenceIssues = (
  { outputs = {}, resources }: Pick<FormaDocument, "outputs" | "resources">,
  changes: ReadonlyArray<Change>,
): ReferenceFindings => {
  const byLabel = new Map(changes.map((change) => [change.label, change]))
  const referring: ReadonlyArray<Referring> = [
    ...resources.flatMap(({ label }, index): ReadonlyArray<Referring> => {
      const change = byLabel.get(label)
      if (change?.wanted === undefined || change.blocked !== undefined) return []
      const values = change.wanted.resource.properties ?? {}
      return [{ path: ["resources", index, "properties"], values, otherwise: "the change will fail" }]
    }),
    { path: ["outputs"], values: outputs, otherwise: "there will be no such output" },
  ]
  const found = referring.map((one) => findingsIn(one, byLabel))
  return { issues: found.flatMap(({ issues }) => issues), doubts: found.flatMap(({ doubts }) => doubts) }
}

const findingsIn = (
  { otherwise, path, values }: Referring,
  byLabel: ReadonlyMap<string, Change>,
): ReferenceFindings => {
  const references = findReferences(values).filter(isReference)
  if (references.length === 0) return { issues: [], doubts: [] }
  const issuesOf = (some: ReadonlyArray<Reference>, message: (one: Reference) => string) =>
    some.map((one) => ({ path: [...path, ...one.at], message: message(one) }))
  const empty = references.filter((one) => {
    const known = knownValue(byLabel.get(one.label), one.property)
    return known !== undefined && known.value === undefined
  })
  const { unfit } = resolveReferences(
    values,
    (referred, property) => knownValue(byLabel.get(referred), property)?.value,
  )
  return {
    issues: [
      ...issuesOf(empty, messageOf),
      ...unfit.map(({ message, place }) => ({ path: [...path, ...place], message })),
    ],
    doubts: issuesOf(
      references.filter((one) => isDoubtful(byLabel.get(one.label), one.property)),
      (one) => doubtOf(one, otherwise),
    ),
  }
}
