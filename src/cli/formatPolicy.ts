/** What follows the crashes of a plugin, in lines of words: each delay, the sum so far, when it is quarantined, and when an operation is set aside. */
import type { PolicyExplanation, SupervisionSettings } from "../agent/index.ts"
import { formatDuration } from "./formatDuration.ts"
import { formatTable } from "./formatTable.ts"
import type { Line } from "./Line.ts"

export const formatPolicy = (
  plugin: string | undefined,
  { limits: { operationCrashes }, restart }: Pick<SupervisionSettings, "limits" | "restart">,
  explanation: PolicyExplanation,
): ReadonlyArray<Line> => {
  const { quarantineAtMillis, restarts } = explanation
  const { healthyMillis, intensity, jitter } = restart
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
    ...formatTable(["restart", "after", "sum"], rows),
    "",
    `More than ${intensity.restarts} restarts within ${formatDuration(intensity.withinMillis)}: ${end}.`,
    `A launch that lives for ${formatDuration(healthyMillis)} was healthy: after it the delays start over.`,
    setAside(operationCrashes, explanation),
  ]
}

const setAside = (operationCrashes: number, { quarantineAtMillis, restarts }: PolicyExplanation): string => {
  const crashes = operationCrashes === 1 ? "a crash" : `${operationCrashes} crashes in a row`
  // The first crash comes before the first restart.
  const isTooLate = quarantineAtMillis !== undefined && operationCrashes > restarts.length + 1
  const end = isTooLate ? "; at this rate the plugin is quarantined before" : ""
  return `An operation that is under way at ${crashes} is set aside, and the plugin continues without it${end}.`
}
