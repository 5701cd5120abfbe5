/** What a plan changes at one place of a resource, as lines. */
import type * as Schema from "effect/Schema"
import type { PropertyChange } from "../../agent/index.ts"
import { type Line, span, type Span, type Style } from "../Line.ts"
import { cutEnd, widthOf } from "../textWidth.ts"
import { visible } from "../visible.ts"
import { allLines, type DiffLine, diffLines } from "./lineDiff.ts"
import { hasLines, valueLines, valueText } from "./valueText.ts"

/** Below a resource. No line of the command itself begins like that. */
const indent = " ".repeat(5)

/** Where the output is no terminal, values are cut as if it had as many columns. */
const defaultWidth = 160

const styles: Readonly<Record<string, Style>> = { "+": "created", "-": "deleted", "~": "updated" }

/** In the place of a name that will be made. */
const knownAfter = " (known after apply)"

const secretText = "(secret)"

const textOf = (value: Schema.Json, isSecret: boolean, { knownLater }: PropertyChange): string =>
  isSecret ? secretText : visible(valueText(value, knownLater === true))

/** The place as people write it. */
const nameOf = ({ path }: PropertyChange): string => visible(path.slice(1))

/** Why a change is worth a second look. */
const remarksOf = ({ changedOutside, forcesReplacement }: PropertyChange): ReadonlyArray<Span> => [
  ...(forcesReplacement === true ? [span("  forces replacement", "replaced")] : []),
  ...(changedOutside === true ? [span("  changed outside of formae", "updated")] : []),
]

const widthOfSpans = (spans: ReadonlyArray<Span>): number => spans.reduce((sum, { text }) => sum + widthOf(text), 0)

const diffLine = ({ sign, text }: DiffLine, width: number): Line => {
  const line = `${indent}    ${sign} ${cutEnd(visible(text), Math.max(width - indent.length - 6, 20))}`
  return [sign === "+" || sign === "-" ? span(line, styles[sign]) : span(line, "quiet")]
}

/** Texts that are too long for a line, from shortly before the first character that differs. */
const fromDifference = (before: string, after: string): readonly [string, string] => {
  let start = 0
  while (start < before.length && before[start] === after[start]) start += 1
  const from = Math.max(start - 12, 0)
  return from === 0 ? [before, after] : [`…${before.slice(from)}`, `…${after.slice(from)}`]
}

const blockOf = (change: PropertyChange): ReadonlyArray<DiffLine> => {
  const { after, before, knownLater, secretBefore } = change
  const isPending = knownLater === true
  if (secretBefore === true && after !== undefined) {
    const shown = valueLines(after, { isCompared: false, isPending })
    return [{ sign: "-", text: secretText }, ...allLines("+", shown)]
  }
  if (before !== undefined && after !== undefined) {
    const [one, other] = [before, after].map((value) => valueLines(value, { isCompared: true, isPending }))
    if (one?.length === 1 && other?.length === 1) {
      const [was, willBe] = fromDifference(one[0] ?? "", other[0] ?? "")
      return [
        { sign: "-", text: was },
        { sign: "+", text: willBe },
      ]
    }
    return diffLines(one ?? [], other ?? [])
  }
  return after === undefined
    ? allLines("-", valueLines(before ?? null, { isCompared: false, isPending }))
    : allLines("+", valueLines(after, { isCompared: false, isPending }))
}

/** Within the width of a terminal, if there is one. `more` is said beside the name. */
export const propertyLines = (
  change: PropertyChange,
  width = defaultWidth,
  more: ReadonlyArray<Span> = [],
): ReadonlyArray<Line> => {
  const { after, before, knownLater, secret, secretBefore } = change
  const isMade = after === undefined && knownLater === true
  const sign = before === undefined ? "+" : after === undefined && !isMade ? "-" : "~"
  const head = [span(`${indent}${sign} `, styles[sign]), span(`${nameOf(change)}:`)]
  if (isMade) {
    const room = Math.max(width - widthOfSpans(head) - knownAfter.length, 20)
    const now = before === undefined ? "" : cutEnd(` ${textOf(before, secret === true, change)} →`, room)
    return [[...head, span(`${now}${knownAfter}`)]]
  }
  const remarks = [...remarksOf(change), ...more]
  const texts = () => [
    ...(before === undefined ? [] : [textOf(before, secret === true || secretBefore === true, change)]),
    ...(after === undefined ? [] : [textOf(after, secret === true, change)]),
  ]
  const values = [before, after].filter((value) => value !== undefined)
  const isBlock = secret !== true && values.some(hasLines)
  // A text that cannot fit is not written out only to be measured.
  const isHuge = secret !== true && values.some((value) => typeof value === "string" && value.length > width)
  if (!isBlock && !isHuge) {
    const inline = [...head, span(` ${texts().join(" → ")}`), ...remarks]
    if (widthOfSpans(inline) <= width) return [inline]
  }
  const [only] = values
  const isLeaf = values.length === 1 && (typeof only !== "object" || only === null)
  if (!isBlock && isLeaf && only !== undefined) {
    const room = Math.max(width - widthOfSpans([...head, ...remarks]) - 1, 20)
    return [[...head, span(` ${cutEnd(texts().join(""), room)}`), ...remarks]]
  }
  return [[...head, ...remarks], ...blockOf(change).map((line) => diffLine(line, width))]
}
