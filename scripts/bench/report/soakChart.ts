/** A soak as a picture: a line for each thing that must stay level. It fits light and dark pages. */
import type { SoakSample } from "./SoakSample.ts"

type Line = Exclude<keyof SoakSample, "seconds" | "crashes">

const lines: ReadonlyArray<readonly [name: Line, title: string]> = [
  ["heapMiB", "agent, heap in use (MiB)"],
  ["residentMiB", "agent, resident (MiB)"],
  ["pluginMiB", "plugins, resident (MiB)"],
  ["descriptors", "agent, descriptors"],
  ["medianMillis", "median latency (ms)"],
]

const width = 860
const height = 64
const left = 190
const plotWidth = width - left - 70

const style = `
  text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
  .note { fill: #59636e; font-size: 12px }
  .line { fill: none; stroke: #0969da; stroke-width: 1.5 }
  .base { stroke: #afb8c1 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .line { stroke: #4493f8 }
    .base { stroke: #656c76 }
  }`

/** An SVG. Each line is drawn from zero, so that what looks level is level. */
export const soakChart = (samples: ReadonlyArray<SoakSample>): string => {
  const end = Math.max(samples.at(-1)?.seconds ?? 1, 1)
  const rows = lines.map(([name, title], index) => {
    const most = Math.max(...samples.map((sample) => sample[name]), 1e-9)
    const points = samples.map(
      (sample) =>
        `${(left + (plotWidth * sample.seconds) / end).toFixed(1)},${(height - 14 - ((height - 24) * sample[name]) / most).toFixed(1)}`,
    )
    const last = samples.at(-1)?.[name] ?? 0
    return `
  <g transform="translate(0 ${12 + index * height})">
    <text x="${left - 10}" y="${height / 2}" text-anchor="end">${title}</text>
    <line class="base" x1="${left}" x2="${left + plotWidth}" y1="${height - 14}" y2="${height - 14}"/>
    <polyline class="line" points="${points.join(" ")}"/>
    <text class="note" x="${left + plotWidth + 8}" y="${height / 2}">${last < 10 ? last.toFixed(2) : last.toFixed(0)}</text>
  </g>`
  })
  const bottom = 12 + lines.length * height
  const crashes = samples.reduce((sum, sample) => sum + sample.crashes, 0)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 30}" width="${width}" height="${bottom + 30}" role="img" aria-label="Memory, descriptors and latency over a soak">
  <style>${style}
  </style>${rows.join("")}
  <text class="note" x="${left}" y="${bottom + 14}">${(end / 60).toFixed(1)} minutes of mixed load, ${crashes} crashes. Each line begins at zero.</text>
</svg>
`
}
