import Table from "cli-table3"
import { visible } from "./visible.ts"

/** The lines of a table without rules: upper case titles, and columns two spaces apart. A cell is one line. */
export const formatTable = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): ReadonlyArray<string> => {
  const table = new Table({
    head: head.map((title) => title.toUpperCase()),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: "  ",
    },
  })
  table.push(...rows.map((row) => row.map(visible)))
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
}
