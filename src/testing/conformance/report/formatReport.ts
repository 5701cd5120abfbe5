import type { CheckResult, ConformanceReport } from "./Report.ts"
import { countOf } from "./Report.ts"

const marks: Record<CheckResult["status"], string> = { passed: "✓", failed: "✗", warned: "!", skipped: "-" }

/** One check in words: a line, and four more if it failed or warned: expected, seen, where, do. */
export const formatResult = ({
  durationMillis,
  expected,
  note,
  remedy,
  section,
  seen,
  status,
  title,
}: CheckResult): string => {
  const slow = durationMillis >= 1_000 ? ` (${(durationMillis / 1_000).toFixed(1)} s)` : ""
  const line = `  ${marks[status]} ${title}${note === undefined ? "" : `: ${note}`}${slow}`
  if (status === "passed" || status === "skipped") return line
  const more = [
    `expected  ${expected ?? ""}`,
    `seen      ${seen ?? ""}`,
    `where     PROTOCOL.md, ${section}`,
    `do        ${remedy ?? ""}`,
  ]
  return [line, ...more.map((text) => `      ${text.replaceAll("\n", "\n                ")}`)].join("\n")
}

const samples = { given: "", generated: ", from a generated sample", none: ", without a sample" } as const

const summary = (report: ConformanceReport): string => {
  const counts = (["passed", "failed", "warned", "skipped"] as const)
    .map((status) => [countOf(report, status), status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `${count} ${status}`)
  return `${report.plugin} ${report.version}: ${counts.join(", ")}, in ${(report.durationMillis / 1_000).toFixed(1)} s`
}

/** A report in words, grouped by resource type, with a line for each check and a summary at the end. */
export const formatReport = (report: ConformanceReport): string => {
  const group = (head: string, type: string | null): ReadonlyArray<string> => [
    head,
    ...report.checks.filter((check) => check.type === type).map(formatResult),
    "",
  ]
  const left = report.leftBehind.map(({ nativeId, type }) => `  ${type} ${nativeId}`)
  return [
    ...group(`${report.plugin} (${report.namespace})`, null),
    ...report.types.flatMap(({ sample, type }) =>
      sample === "none"
        ? [`${type}: not tested, because formae-samples.yaml has no sample of it`, ""]
        : group(`${type}${samples[sample]}`, type),
    ),
    ...(left.length === 0 ? [] : ["Made and not deleted, because the plugin did not delete it:", ...left, ""]),
    summary(report),
  ].join("\n")
}
