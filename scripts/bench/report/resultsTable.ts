/** The results as one table in Markdown, which also reads well where it is not rendered. */
import type { Entry, Figure } from "./Figure.ts"
import {
  goalText,
  isReached,
  maxCpuMillisPerResource,
  maxHeapKiBPerResource,
  maxReadRatio,
  maxScaleGrowth,
  maxSlowestAgainstMedian,
} from "./Goal.ts"
import { growth } from "./growth.ts"
import { passRows } from "./passRows.ts"
import type { Results } from "./Results.ts"

type Row = ReadonlyArray<string>

const columns: ReadonlyArray<{ readonly title: string; readonly names: ReadonlyArray<string> }> = [
  { title: "formae", names: ["whole-way", "fake-aws", "aws", "azure", "version", "plan"] },
  { title: "its rpc layer", names: ["rpc-layer"] },
  { title: "plain Effect RPC", names: ["effect-rpc"] },
  { title: "fork, JSON", names: ["fork-json"] },
  { title: "fork, clone", names: ["fork-clone"] },
  { title: "vscode-jsonrpc", names: ["vscode-jsonrpc"] },
  { title: "MCP", names: ["mcp"] },
  { title: "tinypool", names: ["tinypool"] },
]

const mark = (isReached: boolean): string => (isReached ? "" : " ✗")

const cell = (results: Results, figure: Figure, names: ReadonlyArray<string>): string => {
  const entries = names.flatMap((name) => figure.entries.filter((entry) => entry.name === name))
  if (entries.length === 0) return "-"
  const text = (entry: Entry) =>
    `${entry.ratio.median.toFixed(2)}${mark(isReached(results, figure.id, entry.name) ?? true)} ${besides(entry)}`
  return entries.map((entry) => (entries.length === 1 ? text(entry) : `${entry.name} ${text(entry)}`)).join(", ")
}

/** How much the rounds differ, and the same ratio in processor time. */
const besides = ({ cpuRatio, ratio: { quartiles } }: Entry): string => {
  const spread = quartiles.map((value) => value.toFixed(2)).join("–")
  return cpuRatio === undefined ? `(${spread})` : `(${spread}; CPU ${cpuRatio.median.toFixed(2)})`
}

const amount = (value: number): string => (value < 10 ? value.toFixed(value < 0.1 ? 4 : 2) : value.toFixed(0))

const figureRow = (results: Results, figure: Figure): Row => {
  const floor = figure.entries[0]
  return [
    figure.title,
    goalText(figure.id),
    ...columns.map(({ names }) => cell(results, figure, names)),
    floor === undefined ? "-" : `${amount(floor.median)} ${figure.unit}`,
  ]
}

/** A row of what only formae is measured at. */
const formaeRow = (title: string, goal: string, value: string): Row => [
  title,
  goal,
  value,
  ...columns.slice(1).map(() => "-"),
  "-",
]

const applyRows = (results: Results): ReadonlyArray<Row> => {
  const last = results.apply.at(-1)
  if (last === undefined) return []
  const cpu = last.agentCpuMillis / last.resources
  const cpuRow = formaeRow(
    `${last.resources} FakeAWS resources applied, journal on: agent CPU for each`,
    `≤ ${maxCpuMillisPerResource} ms`,
    `${cpu.toFixed(2)} ms${mark(cpu <= maxCpuMillisPerResource)}`,
  )
  const grown = growth(results)
  if (grown === undefined) return [cpuRow]
  const all = results.apply
    .map(
      ({ agentPeakMiB, millis, resources }) =>
        `${resources}: ${(millis / 1000).toFixed(1)} s, ${agentPeakMiB.toFixed(0)} MiB`,
    )
    .join("; ")
  const growthRow = formaeRow(
    `the same: time and memory for each, against ${results.apply[0]?.resources}`,
    "linear: about 1 or less",
    `time ${grown.millis.toFixed(2)}, memory ${grown.peakMiB.toFixed(2)} (${all})`,
  )
  return [cpuRow, growthRow]
}

const scaleRows = ({ scale }: Results): ReadonlyArray<Row> => {
  const first = scale[0]
  const last = scale.at(-1)
  if (first === undefined || last === undefined) return []
  const all = scale.map(
    (one) =>
      `${one.resources}: apply ${(one.applyMillis / 1000).toFixed(1)} s (CPU ${(one.applyCpuMillis / 1000).toFixed(1)}), plan with nothing to do CPU ${(one.planCpuMillis / 1000).toFixed(1)} s, peak ${one.peakMiB.toFixed(0)} MiB`,
  )
  const grown = last.applyMillis / first.applyMillis
  const perResource = ((last.heapMiB - first.heapMiB) * 1024) / Math.max(1, last.resources - first.resources)
  return [
    formaeRow(
      `${last.resources} FakeAWS resources, one parent to nine children: time in times of ${first.resources}`,
      `≤ ${maxScaleGrowth}`,
      `${grown.toFixed(1)}${mark(grown <= maxScaleGrowth)} (${all.join("; ")})`,
    ),
    formaeRow(
      "the same: live heap for each more when a plan with nothing to do stands",
      `≤ ${maxHeapKiBPerResource} KiB`,
      `${perResource.toFixed(1)} KiB${mark(perResource <= maxHeapKiBPerResource)}`,
    ),
    formaeRow(
      "the same: reading and checking the document, in times of the package yaml parsing it",
      `≤ ${maxReadRatio}`,
      `YAML ${last.readYamlRatio.toFixed(2)}${mark(last.readYamlRatio <= maxReadRatio)}, JSON ${last.readJsonRatio.toFixed(2)}${mark(last.readJsonRatio <= maxReadRatio)}`,
    ),
  ]
}

const crowdRows = ({ crowd }: Results): ReadonlyArray<Row> => {
  if (crowd === undefined) return []
  const ratio = crowd.slowestMillis / crowd.medianMillis
  return [
    formaeRow(
      `${crowd.plugins} plugins, ${crowd.inFlight} operations in flight: the slowest namespace against the median`,
      `≤ ${maxSlowestAgainstMedian}`,
      `${ratio.toFixed(2)}${mark(ratio <= maxSlowestAgainstMedian)}`,
    ),
  ]
}

/** A row for each figure, with ratios. A ✗ marks what misses its goal. */
export const resultsTable = (results: Results): string => {
  const head = ["figure", "goal", ...columns.map(({ title }) => title), "the floor's median"]
  const rows = [
    ...results.figures.map((figure) => figureRow(results, figure)),
    ...applyRows(results),
    ...scaleRows(results),
    ...passRows(results).map((row) => formaeRow(...row)),
    ...crowdRows(results),
  ]
  const line = (cells: Row) => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}
