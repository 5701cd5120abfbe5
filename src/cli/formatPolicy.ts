/** A restart policy in words: each delay, the sum so far, and when the plugin is quarantined. */
import { type PolicyExplanation, type RestartSettings } from "../agent/index.ts"
import { formatDuration } from "./formatDuration.ts"
import { formatTable } from "./formatTable.ts"

export const formatPolicy = (
  plugin: string | undefined,
  { intensity, jitter, healthyMillis }: RestartSettings,
  { quarantineAtMillis, restarts }: PolicyExplanation,
): string => {
  const rows = restarts.map(({ delayMillis, restart, sumMillis }) => [
    String(restart),
    `${delayMillis} ms`,
    `${sumMillis} ms`,
  ])
  const end =
    quarantineAtMillis === undefined
      ? `and so on: at this rate it is never quarantined`
      : `quarantined by the next crash, ${quarantineAtMillis} ms after the first`
  const whose =
    plugin === undefined
      ? `of any plugin (each delay is up to ${Math.round(jitter * 100)} % shorter or longer, depending on the plugin's name)`
      : `of the plugin ${plugin}`
  return [
    `Restarts ${whose}, if it crashes as soon as it is started:`,
    "",
    formatTable(["restart", "after", "sum"], rows),
    "",
    `More than ${intensity.restarts} restarts within ${formatDuration(intensity.withinMillis)}: ${end}.`,
    `A launch that lives for ${formatDuration(healthyMillis)} was healthy: after it the delays start over.`,
  ].join("\n")
}
