/** The table of metrics in docs/observability.md. */
import { metrics } from "../src/agent/metrics/Metrics.ts"

const kinds: Readonly<Record<string, string>> = { Counter: "counter", Gauge: "gauge", Histogram: "histogram" }

const rows = metrics.map(({ attributes, metric: { attributes: fixed, description = "", id, type } }) => {
  const names = attributes.map((name) => `\`${name}\``).join(", ")
  return `| \`${id}\` | ${kinds[type]}, ${fixed?.["unit"] ?? "1"} | ${description} | ${names} |`
})

const table = ["| metric | kind, unit | what it says | attributes |", "|---|---|---|---|", ...rows].join("\n")

/** The page with the table as the metrics are now. */
export const withMetrics = (page: string): string =>
  page.replace(
    /(<!-- metrics -->\n)[\s\S]*?(<!-- \/metrics -->)/,
    (_, start: string, end: string) => `${start}\n${table}\n\n${end}`,
  )
