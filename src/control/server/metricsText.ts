/** What an agent has measured, as text for Prometheus. */
import type * as Effect from "effect/Effect"
import * as PrometheusMetrics from "effect/observability/PrometheusMetrics"
import { metrics } from "../../agent/metrics/Metrics.ts"

/** The names of metrics with the unit, and `_total` after a counter, as Prometheus wants it. */
const names: ReadonlyMap<string, string> = new Map(
  metrics.map(({ metric: { id, type, attributes } }) => [
    id,
    `${id}${attributes?.["unit"] === "s" ? "_seconds" : ""}${type === "Counter" ? "_total" : ""}`,
  ]),
)

/** The name of a metric for Prometheus. Others that the host of an agent has keep theirs. */
export const prometheusName = (name: string): string => names.get(name) ?? name

export const metricsText: Effect.Effect<string> = PrometheusMetrics.format({ metricNameMapper: prometheusName })
