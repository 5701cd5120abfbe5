/** What the checks have found, for people. */
import { type Line, span, type Style } from "../Line.ts"
import type { Verdict } from "./Finding.ts"
import type { Found } from "./runChecks.ts"

const styles: Readonly<Record<Verdict, Style>> = {
  ok: "created",
  warning: "updated",
  problem: "failed",
  skipped: "quiet",
}

const wordWidth = "problem".length

const isWrong = ({ verdict }: Found): boolean => verdict === "problem" || verdict === "warning"

const countOf = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`

/** A line for each finding, and below it the way out. */
export const foundLines = (found: ReadonlyArray<Found>): ReadonlyArray<Line> => {
  const nameWidth = Math.max(...found.map(({ check }) => check.length))
  const counted = (verdict: Verdict) => found.filter((one) => one.verdict === verdict).length
  return [
    ...found.flatMap(({ check, message, remedy, verdict }): ReadonlyArray<Line> => {
      const lines = message.split("\n")
      const indent = " ".repeat(wordWidth + nameWidth + 4)
      return [
        [
          span(verdict.padEnd(wordWidth), styles[verdict]),
          span(`  ${check.padEnd(nameWidth)}  ${lines[0] ?? ""}`.trimEnd()),
        ],
        ...lines.slice(1).map((line): Line => [span(`${indent}  ${line}`)]),
        ...(remedy === undefined || remedy === "" ? [] : [[span(`${indent}-> ${remedy}`)]]),
      ]
    }),
    "",
    found.some(isWrong)
      ? `Found ${countOf(counted("problem"), "problem")} and ${countOf(counted("warning"), "warning")}`
      : "Found no problems",
  ]
}
