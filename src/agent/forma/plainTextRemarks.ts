/** Finds what was probably meant as a value in a text, and is written where it stays as it is. */
import type * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"
import { expressionOf, reservedWords } from "./Expression.ts"
import type { FormaDocument, FormaIssue } from "./FormaDocument.ts"

/** `${net.VpcId}`, but not `$${net.VpcId}`. */
const placeholder = /(?<!\$)\$\{\s*([A-Za-z_][A-Za-z0-9_-]*)\.([^\s${}]{1,200})\s*\}/g

/** The strings in a value outside of texts and secrets, each with its place. */
const stringsIn = (
  value: Schema.Json,
  at: FormaIssue["path"],
): ReadonlyArray<{ readonly text: string; readonly at: FormaIssue["path"] }> => {
  if (typeof value === "string") return value.includes("${") ? [{ text: value, at }] : []
  if (Array.isArray(value)) return value.flatMap((item: Schema.Json, index) => stringsIn(item, [...at, index]))
  if (!isRecord(value) || expressionOf(value) !== undefined) return []
  return Object.entries(value).flatMap(([key, item]) => stringsIn(item, [...at, key]))
}

/** Some strings have `${}` on purpose, such as the variables of a policy: only what looks like a value of this document is remarked on. */
export const plainTextRemarks = ({ resources }: Pick<FormaDocument, "resources">): ReadonlyArray<FormaIssue> => {
  const labels = new Set(resources.map(({ label }) => label))
  return resources.flatMap(({ properties = {} }, index) =>
    stringsIn(properties, ["resources", index, "properties"]).flatMap(({ at, text }) => {
      const meant = [...text.matchAll(placeholder)].find(
        ([, first = ""]) => labels.has(first) || reservedWords.has(first),
      )
      if (meant === undefined) return []
      const message = `\${${meant[1]}.${meant[2]}} stays as it is written, because it is not in a $text; if its value is meant, write { $text: "...\${${meant[1]}.${meant[2]}}..." }`
      return [{ path: at, message }]
    }),
  )
}
