/** The results as a picture: four figures with a bar for each entrant, those of formae in colour. It fits light and dark pages. */
import type { Entry, Figure } from "./Figure.ts"
import { goals } from "./Goal.ts"
import type { Results } from "./Results.ts"

const width = 860
const panelWidth = 410
const rowHeight = 22
const labelWidth = 150
const barWidth = panelWidth - labelWidth - 60
const headHeight = 46

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

const style = `
  text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 14px }
  .note { fill: #59636e; font-size: 12px }
  .bar { fill: #afb8c1 }
  .ours { fill: #0969da }
  .goal { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 3 3 }
  .value { paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .bar { fill: #656c76 }
    .ours { fill: #4493f8 }
    .goal { stroke: #f0883e }
    .value { stroke: #0d1117 }
  }`

const isOurs = ({ name }: Entry): boolean => ["whole-way", "rpc-layer", "fake-aws", "aws", "azure"].includes(name)

/** The first goal of the figure. */
const goalOf = (figure: Figure): number | undefined => {
  const goal = goals.find((one) => one.figure === figure.id)
  return goal?.atLeast ?? goal?.atMost
}

const panel = (figure: Figure, note: string, x: number, y: number): string => {
  const entries = figure.entries.slice(1)
  const goal = goalOf(figure)
  const most = Math.max(...entries.map(({ ratio }) => ratio.median), goal ?? 0, 1)
  const scale = (ratio: number) => (barWidth * ratio) / most
  const rows = entries.map((entry, index) => {
    const top = headHeight + index * rowHeight
    return `
    <text x="${labelWidth - 8}" y="${top + 13}" text-anchor="end">${escape(entry.title.replace("formae, the ", "formae, "))}</text>
    <rect class="bar${isOurs(entry) ? " ours" : ""}" x="${labelWidth}" y="${top + 2}" width="${scale(entry.ratio.median).toFixed(1)}" height="${rowHeight - 7}" rx="2"/>`
  })
  // Drawn after the line of the goal, which would cross them out.
  const values = entries.map(
    ({ ratio: { median } }, index) => `
    <text class="note value" x="${(labelWidth + scale(median) + 6).toFixed(1)}" y="${headHeight + index * rowHeight + 13}">${median.toFixed(2)}</text>`,
  )
  const bottom = headHeight + entries.length * rowHeight
  const line =
    goal === undefined
      ? ""
      : `
    <line class="goal" x1="${(labelWidth + scale(goal)).toFixed(1)}" x2="${(labelWidth + scale(goal)).toFixed(1)}" y1="${headHeight - 4}" y2="${bottom}"/>`
  return `
  <g transform="translate(${x} ${y})">
    <text class="title" x="0" y="14">${escape(figure.title)}</text>
    <text class="note" x="0" y="31">${escape(note)}</text>${rows.join("")}${line}${values.join("")}
  </g>`
}

const shown: ReadonlyArray<readonly [id: string, note: string]> = [
  ["one-together", "share of a bare pipe's speed: longer is better"],
  ["flight-apart", "share of a bare pipe's speed: longer is better"],
  ["start", "times bare Node: shorter is better"],
  ["memory", "times bare Node: shorter is better"],
]

/** An SVG of the shown figures that were measured, two in a row. */
export const resultsChart = (results: Results): string => {
  const panels: Array<string> = []
  let y = 16
  let height = 0
  let column = 0
  for (const [id, note] of shown) {
    const figure = results.figures.find((one) => one.id === id)
    if (figure === undefined) continue
    panels.push(panel(figure, note, 16 + column * (panelWidth + 12), y))
    height = Math.max(height, headHeight + (figure.entries.length - 1) * rowHeight)
    column += 1
    if (column === 2) {
      y += height + 28
      column = 0
      height = 0
    }
  }
  const bottom = column === 0 ? y : y + height + 28
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 12}" width="${width}" height="${bottom + 12}" role="img" aria-label="formae beside what people would use instead">
  <style>${style}
  </style>${panels.join("")}
  <text class="note" x="16" y="${bottom + 2}">Medians of interleaved rounds. The dashed line is the goal. Node ${escape(results.node)}</text>
</svg>
`
}
