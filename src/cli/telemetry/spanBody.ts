/** Spans as OTLP writes them, by the process that they come from. */
import type { TraceData } from "effect/observability/OtlpTracer"
import { entriesToAttributes, make as makeResource, type Resource } from "effect/observability/OtlpResource"
import type { SpanOrigin } from "../../agent/index.ts"
import type { ReportedSpan } from "../../protocol/TelemetryRecord.ts"
import type { OtlpSettings } from "./otlpSettings.ts"

/** A span, and the plugin that reports it. Without one it is of this process. */
export interface OwnedSpan {
  readonly span: ReportedSpan
  readonly origin: SpanOrigin | undefined
}

type Identity = Pick<OtlpSettings, "resource" | "serviceName"> & { readonly version: string; readonly pid: number }

/** What a process says of itself. A plugin is a service of its own, named after the one that runs it. */
export const resourceOf = ({ pid, resource, serviceName, version }: Identity, origin?: SpanOrigin): Resource =>
  origin === undefined
    ? makeResource({ serviceName, serviceVersion: version, attributes: { ...resource, "process.pid": pid } })
    : makeResource({
        serviceName: `${serviceName}.${origin.plugin}`,
        attributes: {
          ...resource,
          "process.pid": origin.pid,
          "formae.plugin": origin.plugin,
          "formae.plugin.generation": origin.generation,
        },
      })

export const spanBody = (identity: Identity, spans: ReadonlyArray<OwnedSpan>): TraceData => {
  const byOrigin = new Map<string, Array<OwnedSpan>>()
  for (const one of spans) {
    const key = one.origin === undefined ? "" : `${one.origin.plugin} ${one.origin.pid}`
    const known = byOrigin.get(key)
    if (known === undefined) byOrigin.set(key, [one])
    else known.push(one)
  }
  return {
    resourceSpans: [...byOrigin.values()].map((owned) => ({
      resource: resourceOf(identity, owned[0]?.origin),
      scopeSpans: [
        { scope: { name: "formae", version: identity.version }, spans: owned.map(({ span }) => otlpSpan(span)) },
      ],
    })),
  }
}

type OtlpSpan = TraceData["resourceSpans"][number]["scopeSpans"][number]["spans"][number]

const kinds = { internal: 1, server: 2, client: 3 } as const

const otlpSpan = ({
  attributes = {},
  end,
  error,
  kind,
  name,
  parentSpanId,
  spanId,
  start,
  traceId,
}: ReportedSpan): OtlpSpan => ({
  traceId,
  spanId,
  parentSpanId,
  name,
  kind: kinds[kind],
  startTimeUnixNano: start,
  endTimeUnixNano: end,
  attributes: entriesToAttributes(
    Object.entries(error === undefined ? attributes : { ...attributes, "error.type": error }),
  ),
  droppedAttributesCount: 0,
  events: [],
  droppedEventsCount: 0,
  // The message of an error is in the log alone.
  status: { code: error === undefined || error === "Interrupted" ? 0 : 2 },
  links: [],
  droppedLinksCount: 0,
})
