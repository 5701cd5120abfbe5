/** Tables without rules: upper case titles, and columns two spaces apart. */
import type { Line, Span } from "./Line.ts"
import { cutEnd, cutMiddle, widthOf, wrapWords } from "./textWidth.ts"
import { visible } from "./visible.ts"

type Shrink = "cut" | "wrap" | "end"

/** A column. One that is only a title keeps its width. */
export type Column =
  | string
  | {
      readonly title: string
      /** How its cells give way where the table is too wide: ids are cut in their middle, sentences are wrapped, or cut at their end. */
      readonly shrink: Shrink
    }

/** A cell is one line: newlines in it are shown. */
export type Cell = string | Span

export interface Table {
  readonly head: Line
  /** The lines of each row. */
  readonly rows: ReadonlyArray<ReadonlyArray<Line>>
}

const gap = "  "

/** What gives way, down to how many columns, until the table fits. Both ends of an id are enough to know it by. */
const steps = [
  ["end", 40],
  ["cut", 20],
  ["wrap", 12],
  ["cut", 12],
  ["end", 12],
  ["wrap", 6],
  ["cut", 6],
] as const

const titleOf = (column: Column): string => (typeof column === "string" ? column : column.title).toUpperCase()
const shrinkOf = (column: Column): Shrink | undefined => (typeof column === "string" ? undefined : column.shrink)

/** The widths of the columns: as wide as their cells, or narrower, beginning with the last one that can be cut. */
const widthsWithin = (columns: ReadonlyArray<Column>, natural: ReadonlyArray<number>, width: number) => {
  const widths = [...natural]
  const excess = (): number => widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1)) - width
  const narrow = (index: number, least: number) => {
    const present = widths[index] ?? 0
    widths[index] = Math.min(present, Math.max(present - Math.max(excess(), 0), least))
  }
  for (const [kind, least] of steps) {
    columns.forEach((_, position) => {
      const index = columns.length - 1 - position
      const column = columns[index]
      if (column !== undefined && shrinkOf(column) === kind) narrow(index, Math.max(least, titleOf(column).length))
    })
  }
  return widths
}

/** The lines of a cell. */
const fitted = (text: string, shrink: Shrink | undefined, width: number): ReadonlyArray<string> => {
  if (shrink === "wrap") return wrapWords(text, width)
  return [shrink === "end" ? cutEnd(text, width) : cutMiddle(text, width)]
}

/** Lays a table out, within a width if it is known. */
export const layOutTable = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
  width = Number.POSITIVE_INFINITY,
): Table => {
  const cells = rows.map((row) =>
    row.map((cell): Span =>
      typeof cell === "string" ? { text: visible(cell) } : { ...cell, text: visible(cell.text) },
    ),
  )
  const natural = columns.map((column, index) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[index]?.text ?? "")), titleOf(column).length),
  )
  const widths = widthsWithin(columns, natural, width)
  const rowOf = (row: ReadonlyArray<Span>): ReadonlyArray<Line> => {
    const parts = row.map(({ text }, index) =>
      fitted(text, shrinkOf(columns[index] ?? ""), Math.max(widths[index] ?? 0, 1)),
    )
    const height = Math.max(...parts.map(({ length }) => length))
    return Array.from({ length: height }, (_, line) =>
      lineOf(
        row.map(({ style }, index) => ({ text: parts[index]?.[line] ?? "", style })),
        widths,
      ),
    )
  }
  return {
    head: lineOf(
      columns.map((column) => ({ text: titleOf(column) })),
      widths,
    ),
    rows: cells.map(rowOf),
  }
}

/** The cells, with spaces between those that have a text. */
const lineOf = (cells: ReadonlyArray<Span>, widths: ReadonlyArray<number>): ReadonlyArray<Span> => {
  const spans: Array<Span> = []
  let pending = ""
  cells.forEach((cell, index) => {
    if (cell.text !== "") {
      if (pending !== "") spans.push({ text: pending })
      spans.push(cell)
      pending = ""
    }
    pending += `${" ".repeat(Math.max((widths[index] ?? 0) - widthOf(cell.text), 0))}${gap}`
  })
  return spans
}

/** The lines of a table. */
export const formatTable = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
  width?: number,
): ReadonlyArray<Line> => {
  const table = layOutTable(columns, rows, width)
  return [table.head, ...table.rows.flat()]
}
