/** What the state knows of a resource, as lines. */
import type * as Schema from "effect/Schema"
import { canonicalJson } from "../../protocol/canonicalJson.ts"
import { tokensOf } from "../../protocol/PathTree.ts"
import type { PastOperation, ResourceReport } from "../../agent/index.ts"
import { makeChangeAdvice } from "../advice/makeChangeAdvice.ts"
import { shellWord } from "../advice/shellWord.ts"
import { withAdvice } from "../advice/withAdvice.ts"
import { formatTable } from "../formatTable.ts"
import { timeOf } from "../timeOf.ts"
import { type Line, span, type Style } from "../Line.ts"
import { hasLines, valueLines, valueText } from "../plan/valueText.ts"
import { cutEnd, cutMiddle } from "../textWidth.ts"
import { visible } from "../visible.ts"

type Properties = Readonly<Record<string, Schema.Json>>

/** Where the output is no terminal, values are cut as if it had as many columns. */
const defaultWidth = 160
/** Texts that have more lines are cut. */
const maxLines = 20
/** Older operations are counted. `--json` has them all. */
const maxOperations = 20

const propertyLines = (name: string, value: Schema.Json, width: number): ReadonlyArray<Line> => {
  const head = cutEnd(`  ${visible(name)}:`, width)
  if (!hasLines(value)) return [[span(cutEnd(`${head} ${visible(valueText(value, false))}`, width))]]
  const lines = valueLines(value, { isCompared: false, isPending: false })
  const more = lines.length - maxLines
  return [
    [span(head)],
    ...lines.slice(0, maxLines).map((line): Line => [span(cutEnd(`      ${visible(line)}`, width))]),
    ...(more > 0 ? [[span(`      … ${more} more ${more === 1 ? "line" : "lines"}`, "quiet")] satisfies Line] : []),
  ]
}

const section = (title: string, lines: ReadonlyArray<Line>): ReadonlyArray<Line> =>
  lines.length === 0 ? [] : ["", title, ...lines]

const listed = (properties: Properties, width: number): ReadonlyArray<Line> =>
  Object.entries(properties).flatMap(([name, value]) => propertyLines(name, value, width))

/** What was read of the wanted properties, where it is written in another way than what is wanted. */
const readLines = ({ drifts, goneSince, lastRead, wanted }: ResourceReport, width: number): ReadonlyArray<Line> => {
  if (goneSince !== null) return [`  gone since ${timeOf(goneSince)} or before`]
  if (lastRead === null) return ["  not read yet"]
  const drifted = new Set(drifts.filter(({ endedAt }) => endedAt === null).map(({ path }) => tokensOf(path)[0] ?? ""))
  const names = Object.keys(wanted).filter((name) => Object.hasOwn(lastRead, name))
  const differing = names.filter(
    (name) => drifted.has(name) || canonicalJson(lastRead[name] ?? null) !== canonicalJson(wanted[name] ?? null),
  )
  const missing = Object.keys(wanted).filter((name) => !Object.hasOwn(lastRead, name))
  // A secret differs without a value that may be shown.
  const hidden = [...drifted].filter((name) => !Object.hasOwn(wanted, name))
  const isAsWanted = differing.length === 0 && drifted.size === 0
  const rest = isAsWanted ? "  as wanted" : "  the rest is as wanted"
  return [
    ...differing.flatMap((name) => propertyLines(name, lastRead[name] ?? null, width)),
    ...hidden.map((name): Line => [span(cutEnd(`  ${visible(name)}: changed elsewhere`, width))]),
    ...(missing.length === 0
      ? []
      : [[span(cutEnd(`  not returned by the provider: ${missing.map(visible).join(", ")}`, width))]]),
    ...(names.length > differing.length || isAsWanted ? [rest] : []),
  ]
}

const openLines = ({ open }: ResourceReport): ReadonlyArray<Line> => {
  const adviceFor = makeChangeAdvice()
  return open.map(({ failure, operation, status }) => {
    const what = `  ${operation.kind.toLowerCase()}: ${failure?.message ?? "it was cut off, and its end is not known"}`
    const resumes = `"formae resume ${shellWord(operation.forma)}" continues it`
    return withAdvice(
      what,
      status === "NeedsAttention" ? adviceFor({ code: status, openOperation: operation }) : resumes,
    )
  })
}

const words: Readonly<Record<PastOperation["status"], string>> = {
  InProgress: "open",
  Succeeded: "succeeded",
  Failed: "failed",
  Canceled: "canceled",
  NeedsAttention: "to settle",
  Forgotten: "forgotten",
}
const styles: Partial<Record<PastOperation["status"], Style>> = { Failed: "failed", NeedsAttention: "failed" }

const historyLines = (report: ResourceReport, width: number | undefined): ReadonlyArray<Line> => {
  const shown = report.history.slice(-maxOperations)
  const older = report.history.length - shown.length
  const rows = shown.map((one) => [
    timeOf(one.startedAt),
    one.command ?? "-",
    one.kind.toLowerCase(),
    span(one.closed || one.status === "NeedsAttention" ? words[one.status] : "open", styles[one.status]),
    one.nativeId ?? "-",
  ])
  // As narrow as it can be: the words stay whole on sixty columns.
  const columns = ["started at", "command", "what", "result", { title: "native id", shrink: "cut" }] as const
  return [
    ...(rows.length === 0 ? ["  nothing: the operations were older than 30 days"] : formatTable(columns, rows, width)),
    ...(older === 0
      ? []
      : [`${older} older ${older === 1 ? "operation is" : "operations are"} not shown; --json has all`]),
    ...shown.flatMap(({ failure, kind, startedAt, status }) =>
      failure === null || status !== "Failed"
        ? []
        : [`${kind.toLowerCase()} of ${timeOf(startedAt)}: ${failure.code}: ${failure.message}`],
    ),
  ]
}

const driftWords = { sync: "set back elsewhere", apply: "over after an apply", delete: "deleted" } as const

const driftLines = ({ drifts }: ResourceReport, width: number | undefined): ReadonlyArray<Line> => {
  const shown = drifts.slice(-maxOperations)
  if (shown.length === 0) return []
  const rows = shown.map(({ endedAt, endedBy, path, since }) => [
    timeOf(since),
    path === "" ? "the resource is gone" : path.slice(1),
    endedAt === null || endedBy === null ? span("still so", "updated") : `${timeOf(endedAt)} ${driftWords[endedBy]}`,
  ])
  return formatTable(["seen at", { title: "what", shrink: "cut" }, { title: "until", shrink: "wrap" }], rows, width)
}

const careOf = ({ care }: ResourceReport): string =>
  [
    ...(care?.protect === true ? ["protected: neither deleted nor replaced"] : []),
    ...(care?.retain === true ? ["left where it is when it is no longer wanted"] : []),
    ...(care?.drift === "repair" ? ["drift: repair"] : []),
    ...(care?.drift === "ask" ? ["drift: ask"] : []),
    ...(care?.ignore === undefined ? [] : [`left to others: ${care.ignore.join(", ")}`]),
  ].join("; ")

const factLines = (report: ResourceReport, width: number): ReadonlyArray<Line> => {
  const facts = [
    ["type", report.type],
    ["native id", report.nativeId ?? "not known yet"],
    ["target", report.target],
    ["place", report.place ?? ""],
    ["depends on", report.dependsOn.join(", ")],
    ["care", careOf(report)],
  ] as const
  return facts.flatMap(([name, value]) =>
    value === "" ? [] : [[span(`  ${name.padEnd(11)}${cutMiddle(visible(value), width - 13)}`)]],
  )
}

/** Within the width of a terminal, if there is one. */
export const formatReport = (report: ResourceReport, width?: number): ReadonlyArray<Line> => {
  const room = width ?? defaultWidth
  return [
    [span(cutMiddle(visible(`${report.label} of ${report.forma}`), room))],
    ...factLines(report, room),
    ...section("OPEN", openLines(report)),
    ...section("WANTED", [
      ...listed(report.wanted, room),
      ...report.secrets.map((name): Line => [span(`  ${cutEnd(visible(name), room - 12)}: (secret)`)]),
    ]),
    ...section(report.readAt === null ? "LAST READ" : `LAST READ at ${timeOf(report.readAt)}`, readLines(report, room)),
    ...section("OUTPUTS", listed(report.outputs, room)),
    ...section("DRIFT", driftLines(report, width)),
    ...section("HISTORY", historyLines(report, width)),
  ]
}
