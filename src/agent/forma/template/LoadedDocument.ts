/** A document and its parts, as they are written. */
import { isRecord } from "../../../protocol/isRecord.ts"
import { type LocatedText, type PlacedIssue, placeIssues } from "../LocatedText.ts"
import { findNeeds, type Need } from "./Needs.ts"
import { readUses, type Use } from "./Use.ts"

/** A document before it is evaluated. */
export interface LoadedDocument {
  /** How its file is named to the user. Undefined where it is that of the whole document. */
  readonly file: string | undefined
  /** Its folder, from that of the whole document. */
  readonly folder: string
  readonly locate: LocatedText["locate"]
  /** What it has under `parameters`. */
  readonly declared: unknown
  /** What it has besides `parameters` and `use`. */
  readonly content: { readonly [field: string]: unknown }
  /** What it needs from outside, for its content and its parts. */
  readonly needs: ReadonlyArray<Need>
  readonly parts: ReadonlyArray<LoadedPart>
}

/** A document that another one uses. */
export interface LoadedPart {
  readonly use: Use
  readonly document: LoadedDocument
}

/** A document whose parts are not loaded yet, and everything that is wrong in it. */
export interface OpenedDocument {
  readonly document: LoadedDocument
  readonly uses: ReadonlyArray<Use>
  readonly issues: ReadonlyArray<PlacedIssue>
}

/** Takes a document apart. */
export const openDocument = (
  { locate, value }: LocatedText,
  place: Pick<LoadedDocument, "file" | "folder">,
): OpenedDocument => {
  const { parameters, use, ...content } = isRecord(value) ? value : {}
  const { issues: misread, uses } = readUses(use)
  const found = findNeeds(content)
  const given = uses.map(({ name, parameters: values }) => findNeeds(values, ["use", name, "parameters"]))
  const needs = [found, ...given].flatMap((one) => one.needs)
  const issues = [...misread, ...[found, ...given].flatMap((one) => one.issues)]
  return {
    document: { ...place, locate, declared: parameters, content, needs, parts: [] },
    uses,
    issues: placeIssues(issues, locate),
  }
}

/** A document and all of its parts, at any depth. */
export const allDocuments = (document: LoadedDocument): ReadonlyArray<LoadedDocument> => [
  document,
  ...document.parts.flatMap((part) => allDocuments(part.document)),
]
