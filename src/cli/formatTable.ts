import stringWidth from "string-width"
import { visible } from "./visible.ts"

type Cells = ReadonlyArray<string>

/** The lines of a table without rules: upper case titles, and columns two spaces apart. A cell is one line. */
export const formatTable = (head: Cells, rows: ReadonlyArray<Cells>): ReadonlyArray<string> => {
  const lines = [head.map((title) => title.toUpperCase()), ...rows].map((cells) =>
    cells.map((cell) => {
      const text = visible(cell)
      return { text, width: stringWidth(text) }
    }),
  )
  const widths: Array<number> = []
  for (const cells of lines) {
    cells.forEach(({ width }, column) => (widths[column] = Math.max(widths[column] ?? 0, width)))
  }
  return lines.map((cells) =>
    cells
      .map(({ text, width }, column) => text + " ".repeat((widths[column] ?? width) - width))
      .join("  ")
      .trimEnd(),
  )
}
