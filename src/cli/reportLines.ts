/** The report of the conformance kit in colors. */
import { type Line, span, type Style } from "./Line.ts"

/** How the lines of checks begin. All others are indented by more, or by nothing. */
const styles: ReadonlyArray<readonly [string, Style]> = [
  ["  ✓ ", "created"],
  ["  ✗ ", "failed"],
  ["  ! ", "updated"],
  ["  - ", "quiet"],
]

/** The lines of a report, whose marks say how each check ended. */
export const reportLines = (report: string): ReadonlyArray<Line> =>
  report.split("\n").map((line) => {
    const [mark, style] = styles.find(([start]) => line.startsWith(start)) ?? []
    return mark === undefined ? line : [span(mark, style), span(line.slice(mark.length))]
  })
