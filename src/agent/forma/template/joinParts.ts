/** Joins a document and its parts, all of them evaluated, to one. */
import { isRecord } from "../../../protocol/isRecord.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { JoinedDocument, type JoinedPart } from "../JoinedDocument.ts"
import { type LocatedText, type PlacedIssue, placeIssues } from "../LocatedText.ts"
import type { EvaluatedDocument } from "./evaluateDocument.ts"
import { PartDependencies } from "./PartDependencies.ts"
import { type OutputsOfPart, PartOutputs } from "./PartOutputs.ts"

export interface JoinedParts {
  readonly document: LocatedText
  readonly issues: ReadonlyArray<PlacedIssue>
}

type Outputs = OutputsOfPart["values"]

const outputsOf = ({ content }: EvaluatedDocument): Outputs => {
  const { outputs } = content
  return isRecord(outputs) ? outputs : {}
}

/** What a part gives to the whole. Its name is that of a document by itself, and its outputs are for its user. */
const joinedPart = ({ content, file, locate, part }: EvaluatedDocument): JoinedPart => {
  const { name: _name, outputs: _outputs, ...rest } = content
  const value = part === undefined ? content : rest
  return { value, locate, ...(file === undefined ? {} : { file }) }
}

const outputsByPart = (documents: ReadonlyArray<EvaluatedDocument>, issues: Array<PlacedIssue>) => {
  const byPart = new Map<string, OutputsOfPart>()
  for (const document of documents) {
    const { content, locate, part, usedAt } = document
    if (part === undefined) continue
    if (content["outputs"] !== undefined && !isRecord(content["outputs"])) {
      issues.push(
        ...placeIssues(
          [{ path: ["outputs"], message: "expected items by name, such as outputs: { NAME: ... }" }],
          locate,
        ),
      )
    }
    if (byPart.has(part) && usedAt !== undefined) {
      issues.push({ ...usedAt, message: `${part} is the name of another part already; give one of them another name` })
    }
    byPart.set(part, { values: outputsOf(document), locate })
  }
  return byPart
}

/** Labels and parts share their names: a reference can lead to either. */
const checkLabels = (resources: unknown, parts: ReadonlyMap<string, unknown>): ReadonlyArray<FormaIssue> =>
  Array.isArray(resources)
    ? resources.flatMap((resource, index) => {
        const label: unknown = isRecord(resource) ? resource["label"] : undefined
        if (typeof label !== "string" || !parts.has(label)) return []
        const message = `the label ${label} is the name of a part too; give one of them another name`
        return [{ path: ["resources", index, "label"], message }]
      })
    : []

/** The documents with the outputs of parts in them, and the labels of parts that something depends on. */
const withParts = (
  documents: ReadonlyArray<EvaluatedDocument>,
  byPart: ReadonlyMap<string, OutputsOfPart>,
  issues: Array<PlacedIssue>,
): ReadonlyArray<EvaluatedDocument> => {
  const outputs = new PartOutputs(byPart)
  for (const [part, { values }] of byPart) {
    for (const name of Object.keys(values)) outputs.resolve(part, name)
  }
  issues.push(...outputs.issues)
  // What refers to an output with a mistake is no other mistake.
  if (issues.length > 0) return documents
  const dependencies = new PartDependencies(documents)
  return documents.map((document) => {
    const wrong: Array<FormaIssue> = []
    const { outputs: _outputs, ...content } = document.content
    // Those of a part have been looked at.
    const filled = outputs.fill(document.part === undefined ? document.content : content, [], wrong)
    const whole = dependencies.fill(isRecord(filled) ? filled : {}, wrong)
    issues.push(...placeIssues(wrong, document.locate))
    return { ...document, content: whole }
  })
}

/** The first of the documents is the one that uses the others. */
export const joinParts = (
  documents: readonly [EvaluatedDocument, ...ReadonlyArray<EvaluatedDocument>],
): JoinedParts => {
  const issues: Array<PlacedIssue> = []
  const byPart = outputsByPart(documents, issues)
  const filled = withParts(documents, byPart, issues)
  const joined = new JoinedDocument({ sharesTargets: true })
  for (const document of filled) joined.add(joinedPart(document))
  const document = joined.located(joinedPart(documents[0]))
  const { locate, value } = document
  return {
    document,
    issues: [...issues, ...joined.issues, ...placeIssues(checkLabels(value["resources"], byPart), locate)],
  }
}
