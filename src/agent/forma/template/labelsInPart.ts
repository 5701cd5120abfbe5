/** The labels of a part: in the document that uses it they begin with a prefix. */
import * as Result from "effect/Result"
import { isRecord } from "../../../protocol/isRecord.ts"
import type { FormaIssue } from "../FormaDocument.ts"
import { nearestName } from "../nearestName.ts"
import { fillTemplate, type Rename, type TemplateLookup } from "./fillTemplate.ts"
import type { LoadedDocument } from "./LoadedDocument.ts"

type Content = LoadedDocument["content"]

const listIn = (content: Content, field: string): ReadonlyArray<unknown> => {
  const list = content[field]
  return Array.isArray(list) ? list : []
}

/** The labels that a part can refer to: those of its resources, and the names of its own parts. */
export const localLabels = (
  { content, parts }: Pick<LoadedDocument, "content" | "parts">,
  lookup: TemplateLookup,
): ReadonlySet<string> =>
  new Set([
    ...listIn(content, "resources").flatMap((resource) => {
      const label = isRecord(resource) ? fillTemplate(resource["label"], { lookup }).value : undefined
      return typeof label === "string" ? [label] : []
    }),
    ...parts.map(({ use }) => use.name),
  ])

/** A part refers to what is in it, and to what it is given. */
export const renameIn =
  (prefix: string, labels: ReadonlySet<string>): Rename =>
  (label) => {
    if (labels.has(label)) return Result.succeed(prefix + label)
    const nearest = nearestName(label, labels)
    const suggestion = nearest === undefined ? "give it the value by a parameter" : `did you mean ${nearest}?`
    return Result.fail(
      `there is no resource with the label ${label} in this document, which is used as a part; ${suggestion}`,
    )
  }

/** The content with its labels as the whole document has them. Its references have been renamed before. */
export const withPrefix = (content: Content, prefix: string, rename: Rename) => {
  const issues: Array<FormaIssue> = []
  const prefixed = (value: unknown): unknown => (typeof value === "string" && value !== "" ? prefix + value : value)
  const existing = (label: unknown, path: FormaIssue["path"]): unknown => {
    if (typeof label !== "string") return label
    const found = rename(label)
    if (Result.isFailure(found)) issues.push({ path, message: found.failure })
    return Result.getOrElse(found, () => label)
  }
  const dependsOn = (said: unknown, path: FormaIssue["path"]): unknown =>
    Array.isArray(said) ? said.map((label, index) => existing(label, [...path, index])) : said
  const resource = (said: unknown, index: number): unknown => {
    if (!isRecord(said)) return said
    const path = ["resources", index, "dependsOn"]
    const after = said["dependsOn"] === undefined ? {} : { dependsOn: dependsOn(said["dependsOn"], path) }
    return { ...said, ...(Object.hasOwn(said, "label") ? { label: prefixed(said["label"]) } : {}), ...after }
  }
  const moved = (said: unknown): unknown =>
    isRecord(said) ? Object.fromEntries(Object.entries(said).map(([key, label]) => [key, prefixed(label)])) : said
  const changed = Object.entries(content).map(([field, value]): readonly [string, unknown] => {
    if (!Array.isArray(value)) return [field, value]
    if (field === "resources") return [field, value.map(resource)]
    return field === "moved" ? [field, value.map(moved)] : [field, value]
  })
  return { content: Object.fromEntries(changed), issues }
}
