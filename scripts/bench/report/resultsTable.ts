/** The results as one table, in Markdown that is also readable where it is not rendered. */
import type { Entry, Figure, Results } from "./Results.ts"
import { growth, isReached, mostCpuPerResource, mostStarved, wantedOf } from "./Goal.ts"

const columns: ReadonlyArray<{ readonly title: string; readonly names: ReadonlyArray<string> }> = [
  { title: "formae", names: ["whole-way", "fake-aws", "aws", "azure"] },
  { title: "its rpc layer", names: ["rpc-layer"] },
  { title: "plain Effect RPC", names: ["effect-rpc"] },
  { title: "fork, JSON", names: ["fork-json"] },
  { title: "fork, clone", names: ["fork-clone"] },
  { title: "vscode-jsonrpc", names: ["vscode-jsonrpc"] },
  { title: "MCP", names: ["mcp"] },
  { title: "tinypool", names: ["tinypool"] },
]

/** The mark of a wanted figure that was not reached. */
const short = " ✗"

const cell = (results: Results, figure: Figure, names: ReadonlyArray<string>): string => {
  const found = names.flatMap((name) => figure.entries.filter((entry) => entry.name === name))
  const text = (entry: Entry) =>
    `${entry.ratio.toFixed(2)}${isReached(results, figure.id, entry.name) === false ? short : ""}`
  if (found.length === 0) return "-"
  return found.map((entry) => (found.length === 1 ? text(entry) : `${entry.name} ${text(entry)}`)).join(", ")
}

const amount = (value: number): string => (value < 10 ? value.toFixed(value < 0.1 ? 4 : 2) : value.toFixed(0))

const figureRow = (results: Results, figure: Figure): ReadonlyArray<string> => {
  const floor = figure.entries[0]
  return [
    figure.title,
    wantedOf(figure.id),
    ...columns.map(({ names }) => cell(results, figure, names)),
    floor === undefined ? "-" : `${amount(floor.median)} ${figure.unit}`,
  ]
}

const padded = (title: string, want: string, ours: string): ReadonlyArray<string> => [
  title,
  want,
  ours,
  ...columns.slice(1).map(() => "-"),
  "-",
]

const applyRows = (results: Results): ReadonlyArray<ReadonlyArray<string>> => {
  const last = results.applied.at(-1)
  if (last === undefined) return []
  const cpu = last.agentCpuMillis / last.resources
  const grown = growth(results)
  const told = results.applied
    .map(
      ({ agentPeakMiB, millis, resources }) =>
        `${resources}: ${(millis / 1000).toFixed(1)} s, ${agentPeakMiB.toFixed(0)} MiB`,
    )
    .join("; ")
  const rows = [
    padded(
      `${last.resources} FakeAWS resources applied, journal on: agent CPU for each`,
      `≤ ${mostCpuPerResource} ms`,
      `${cpu.toFixed(2)} ms${cpu > mostCpuPerResource ? short : ""}`,
    ),
  ]
  if (grown !== undefined) {
    rows.push(
      padded(
        `the same: time and memory for each, against ${results.applied[0]?.resources}`,
        "linear: about 1 or less",
        `time ${grown.millis.toFixed(2)}, memory ${grown.peakMiB.toFixed(2)} (${told})`,
      ),
    )
  }
  return rows
}

const manyRows = ({ manyPlugins }: Results): ReadonlyArray<ReadonlyArray<string>> => {
  if (manyPlugins === undefined) return []
  const ratio = manyPlugins.slowestMillis / manyPlugins.medianMillis
  return [
    padded(
      `${manyPlugins.plugins} plugins, ${manyPlugins.inFlight} operations in flight: the slowest namespace against the median`,
      `≤ ${mostStarved}`,
      `${ratio.toFixed(2)}${ratio > mostStarved ? short : ""}`,
    ),
  ]
}

/** Ratios; what falls short of what is wanted has a ✗ behind it. */
export const tableOf = (results: Results): string => {
  const head = ["figure", "wanted", ...columns.map(({ title }) => title), "the floor's median"]
  const rows = [
    ...results.figures.map((figure) => figureRow(results, figure)),
    ...applyRows(results),
    ...manyRows(results),
  ]
  const line = (cells: ReadonlyArray<string>) => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}
