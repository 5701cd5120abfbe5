/** Values of properties as people read them. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isRecord } from "../../protocol/isRecord.ts"

type Json = Schema.Json

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Json))

/** The object or the array that a text is as JSON, such as a policy document. */
const documentIn = (value: Json): Json => {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value
  return Option.match(parse(value), {
    onNone: () => value,
    onSome: (document) => (typeof document === "object" && document !== null ? document : value),
  })
}

/** What stands for a value that is known only later: a reference, or a text with values in it. */
const pendingText = (value: Json): string | undefined => {
  if (!isRecord(value)) return undefined
  const [key, ...others] = Object.keys(value)
  const text = key === "$ref" || key === "$text" ? value[key] : undefined
  return others.length === 0 && typeof text === "string" ? `(known after apply: ${text})` : undefined
}

/** Stands before the number of a text in JSON: longer than any such run in the value, so that no text of it passes for one. */
const markFor = (value: Json): string => {
  const runs = JSON.stringify(value).match(/~+/g) ?? []
  return "~".repeat(runs.reduce((longest, run) => Math.max(longest, run.length), 0) + 1)
}

/** JSON in which what is known only later stands in words. */
const jsonOf = (value: Json, isPending: boolean, indent: number): string => {
  if (!isPending) return JSON.stringify(value, null, indent)
  const mark = markFor(value)
  const pending: Array<string> = []
  const withMarks = JSON.stringify(
    value,
    (_, inner: Json) => {
      const text = pendingText(inner)
      return text === undefined ? inner : `${mark}${pending.push(text) - 1}`
    },
    indent,
  )
  return withMarks.replaceAll(new RegExp(`"${mark}(\\d+)"`, "g"), (_, index: string) =>
    JSON.stringify(pending[Number(index)] ?? "").slice(1, -1),
  )
}

const isLeaf = (value: Json): boolean => typeof value !== "object" || value === null

/** A value on one line. */
export const valueText = (value: Json, isPending: boolean): string => {
  const text = isPending ? pendingText(value) : undefined
  if (text !== undefined) return text
  if (isLeaf(value)) return JSON.stringify(value)
  // The newlines are between tokens: those in strings are escaped.
  return jsonOf(value, isPending, 1).replaceAll(/\n */g, (between, offset: number, whole: string) => {
    const isEdge = /[[{]/.test(whole[offset - 1] ?? "") || /[\]}]/.test(whole[offset + between.length] ?? "")
    return isEdge ? "" : " "
  })
}

/** Whether a value has lines of its own: a text of several, or a document in a text. */
export const hasLines = (value: Json): boolean =>
  typeof value === "string" && (value.trimEnd().includes("\n") || documentIn(value) !== value)

/** The keys of all objects in one order, so that the same stands at the same place. */
const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, sorted(value[key] ?? null)]),
  )
}

/** A value in lines. To be compared, its keys are sorted. */
export const valueLines = (
  value: Json,
  { isCompared, isPending }: { readonly isCompared: boolean; readonly isPending: boolean },
): ReadonlyArray<string> => {
  const document = documentIn(value)
  if (typeof document === "string") return document.replace(/\r?\n$/, "").split(/\r?\n/)
  return jsonOf(isCompared ? sorted(document) : document, isPending, 2).split("\n")
}
