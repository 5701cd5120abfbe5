/**
 * What an agent counts and measures. Names and units are those of OpenTelemetry
 * where it has any. No attribute holds a value of a resource.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type * as Scope from "effect/Scope"

/** The bounds that OpenTelemetry advises for durations, in seconds, and two more: an operation may take an hour. */
const durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800]

const counter = (name: string, description: string, unit: string) =>
  Metric.counter(name, { description, incremental: true, attributes: { unit } })
const duration = (name: string, description: string) =>
  Metric.histogram(name, { description, boundaries: durations, attributes: { unit: "s" } })
const gauge = (name: string, description: string, unit: string) =>
  Metric.gauge(name, { description, attributes: { unit } })

export const commandDuration = duration(
  "formae.command.duration",
  "How long commands that change resources took, waiting included",
)
export const commandsNow = gauge("formae.command.active", "Commands that have not ended", "{command}")
export const operationDuration = duration(
  "formae.operation.duration",
  "How long operations took in the plugin, retries and polls included",
)
export const operationAttempts = counter(
  "formae.operation.attempts",
  "Calls of the provider that operations made to begin their work",
  "{call}",
)
export const operationRetries = counter(
  "formae.operation.retries",
  "Calls that were made again after a failure",
  "{call}",
)
export const pluginLaunches = counter("formae.plugin.launches", "Starts of the process of a plugin", "{launch}")
export const pluginCrashes = counter(
  "formae.plugin.crashes",
  "Ends of the process that the agent had not asked for",
  "{crash}",
)
export const pluginRestarts = counter("formae.plugin.restarts", "Restarts after a crash", "{restart}")
export const pluginStalls = counter(
  "formae.plugin.stalls",
  "How often a plugin was killed because it did not answer",
  "{stall}",
)
export const pluginQuarantines = counter(
  "formae.plugin.quarantines",
  "How often a plugin was quarantined because it was restarted too often",
  "{quarantine}",
)
export const callsActive = gauge(
  "formae.plugin.call.active",
  "Calls that were sent to a plugin and have not ended",
  "{call}",
)
export const callersWaiting = gauge(
  "formae.plugin.caller.waiting",
  "Callers that wait until a plugin serves",
  "{caller}",
)
export const rateLimitWaits = counter(
  "formae.rate_limit.waits",
  "Requests that had to wait for the rate limit",
  "{request}",
)
export const rateLimitWaitSeconds = counter(
  "formae.rate_limit.wait.time",
  "How long requests waited for the rate limit, all together",
  "s",
)
export const syncedResources = counter("formae.sync.resources", "Resources that a sync has looked at", "{resource}")
export const droppedSpans = counter(
  "formae.span.dropped",
  "Spans that were left out because there were too many",
  "{span}",
)

export const clusterRunners = gauge(
  "formae.cluster.runners",
  "Runners in the cluster, as this runner sees it",
  "{runner}",
)
export const clusterShards = gauge("formae.cluster.shards", "Shards that this runner has", "{shard}")
export const clusterDocuments = gauge("formae.cluster.documents", "Documents that this runner has", "{document}")
export const clusterLease = gauge(
  "formae.cluster.lease.remaining",
  "How long this runner may still act if its lease is not renewed",
  "s",
)
export const clusterMessages = gauge(
  "formae.cluster.messages.waiting",
  "Commands of the whole cluster that were asked for and have not ended",
  "{message}",
)
export const clusterRateShare = gauge(
  "formae.cluster.rate_share",
  "The part of a rate limit that this runner may use",
  "1",
)

/** A metric as the documentation shows it. */
export interface DescribedMetric {
  readonly metric: Metric.Metric<number, unknown>
  readonly attributes: ReadonlyArray<string>
}

/** All of them, with the names of their attributes. */
export const metrics: ReadonlyArray<DescribedMetric> = [
  { metric: commandDuration, attributes: ["formae.command", "error.type"] },
  { metric: commandsNow, attributes: ["formae.command.phase"] },
  { metric: operationDuration, attributes: ["formae.operation", "formae.resource.type", "error.type"] },
  { metric: operationAttempts, attributes: ["formae.operation", "formae.resource.type"] },
  { metric: operationRetries, attributes: ["formae.operation", "formae.resource.type"] },
  { metric: pluginLaunches, attributes: ["formae.plugin"] },
  { metric: pluginCrashes, attributes: ["formae.plugin"] },
  { metric: pluginRestarts, attributes: ["formae.plugin"] },
  { metric: pluginStalls, attributes: ["formae.plugin"] },
  { metric: pluginQuarantines, attributes: ["formae.plugin"] },
  { metric: callsActive, attributes: ["formae.plugin"] },
  { metric: callersWaiting, attributes: ["formae.plugin"] },
  { metric: rateLimitWaits, attributes: ["formae.plugin"] },
  { metric: rateLimitWaitSeconds, attributes: ["formae.plugin"] },
  { metric: syncedResources, attributes: ["formae.sync.outcome"] },
  { metric: droppedSpans, attributes: ["formae.plugin"] },
  { metric: clusterRunners, attributes: [] },
  { metric: clusterShards, attributes: [] },
  { metric: clusterDocuments, attributes: [] },
  { metric: clusterLease, attributes: [] },
  { metric: clusterMessages, attributes: [] },
  { metric: clusterRateShare, attributes: ["formae.namespace"] },
]

/** Adds to a metric. Attributes that are undefined are left out. */
export const measure = (
  metric: Metric.Metric<number, unknown>,
  value: number,
  attributes: Readonly<Record<string, string | undefined>>,
): Effect.Effect<void> => {
  const given = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Metric.update(Metric.withAttributes(metric, given), value)
}

/** A gauge that is read only when somebody asks for it, until the scope closes. */
export const watchGauge = (
  metric: Metric.Metric<number, Metric.GaugeState<number>>,
  attributes: Readonly<Record<string, string>>,
  read: () => number,
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.contextWith((context: Context.Context<never>) =>
    Effect.asVoid(
      Effect.acquireRelease(
        Effect.sync(() =>
          Metric.registerUnsafe(Metric.withAttributes(metric, attributes), context, {
            get: () => ({ value: read() }),
            update: () => undefined,
            modify: () => undefined,
          }),
        ),
        (registration) => Effect.sync(() => registration.remove()),
      ),
    ),
  )
