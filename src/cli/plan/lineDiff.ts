/** What differs between two texts, line by line. */
import { diffArrays } from "diff"

/** A line of a difference, or how many lines are left out in its place. */
export interface DiffLine {
  readonly sign: "+" | "-" | " " | "…"
  readonly text: string
}

/** The lines around a change that are shown as they are. */
const context = 2

/** Texts that differ in more lines are shown as the whole before and the whole after: a plan must not take long. */
const maxEdits = 2_000

/** How many lines are shown of one difference. */
const maxLines = 40

const signed = (sign: "+" | "-", lines: ReadonlyArray<string>): ReadonlyArray<DiffLine> =>
  lines.map((text) => ({ sign, text }))

const leftOut = (count: number, what: string): DiffLine => ({
  sign: "…",
  text: `${count} ${what}line${count === 1 ? "" : "s"}`,
})

/** The first lines, and how many more there are. */
export const firstLines = (lines: ReadonlyArray<DiffLine>, most = maxLines): ReadonlyArray<DiffLine> =>
  // One line more takes no more space than to say so.
  lines.length <= most + 1 ? lines : [...lines.slice(0, most), leftOut(lines.length - most, "more ")]

/** Lines that are the same, but for those next to a change. */
const around = (same: ReadonlyArray<string>, isFirst: boolean, isLast: boolean): ReadonlyArray<DiffLine> => {
  const head = isFirst ? 0 : context
  const tail = isLast ? 0 : context
  const shown = (lines: ReadonlyArray<string>) => lines.map((text): DiffLine => ({ sign: " ", text }))
  const hidden = same.length - head - tail
  if (hidden <= 1) return shown(same)
  return [...shown(same.slice(0, head)), leftOut(hidden, "unchanged "), ...shown(same.slice(same.length - tail))]
}

export const diffLines = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): ReadonlyArray<DiffLine> => {
  const parts = diffArrays([...before], [...after], { maxEditLength: maxEdits })
  if (parts === undefined) {
    const half = maxLines / 2
    return [...firstLines(signed("-", before), half), ...firstLines(signed("+", after), half)]
  }
  const lines = parts.flatMap(({ added, removed, value }, index) => {
    if (added) return signed("+", value)
    if (removed) return signed("-", value)
    return around(value, index === 0, index === parts.length - 1)
  })
  return firstLines(lines)
}

/** Lines that are all created, or all deleted. */
export const allLines = (sign: "+" | "-", lines: ReadonlyArray<string>): ReadonlyArray<DiffLine> =>
  firstLines(signed(sign, lines), maxLines / 2)
