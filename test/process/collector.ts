/** A collector of OpenTelemetry: it keeps what it is sent. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string }
}
export interface CollectedSpan {
  readonly name: string
  readonly spanId: string
  readonly traceId: string
  readonly parentSpanId?: string
  readonly attributes: ReadonlyArray<Attribute>
  /** Who reports it. */
  readonly service: string
}

interface Body {
  readonly resourceSpans?: ReadonlyArray<{
    readonly resource: { readonly attributes: ReadonlyArray<Attribute> }
    readonly scopeSpans: ReadonlyArray<{ readonly spans: ReadonlyArray<Omit<CollectedSpan, "service">> }>
  }>
  readonly resourceMetrics?: ReadonlyArray<{
    readonly scopeMetrics: ReadonlyArray<{ readonly metrics: ReadonlyArray<{ readonly name: string }> }>
  }>
}

/** Listens until the scope closes. */
export const makeCollector = Effect.gen(function* () {
  const texts: Array<string> = []
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      texts.push(Buffer.concat(chunks).toString("utf8"))
      response.setHeader("content-type", "application/json").end("{}")
    })
  })
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
    () => Effect.sync(() => server.close()),
  )
  const bodies = (): ReadonlyArray<Body> => texts.map((text) => JSON.parse(text))
  const spans = (): ReadonlyArray<CollectedSpan> =>
    bodies().flatMap(({ resourceSpans = [] }) =>
      resourceSpans.flatMap(({ resource, scopeSpans }) => {
        const service = resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue ?? ""
        return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service })))
      }),
    )
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** All that it was sent, as it came. */
    text: () => texts.join("\n"),
    spans,
    metricNames: () =>
      bodies().flatMap(({ resourceMetrics = [] }) =>
        resourceMetrics.flatMap(({ scopeMetrics }) =>
          scopeMetrics.flatMap((scope) => scope.metrics.map(({ name }) => name)),
        ),
      ),
    /** Each span with those above it, by their names and services. */
    paths: () => {
      const byId = new Map(spans().map((span) => [span.spanId, span]))
      const pathOf = ({ name, parentSpanId, service }: CollectedSpan): string => {
        const parent = byId.get(parentSpanId ?? "")
        const own = `${name} [${service}]`
        if (parent !== undefined) return `${pathOf(parent)} > ${own}`
        return parentSpanId === undefined ? own : `? > ${own}`
      }
      return spans().map(pathOf)
    },
  }
})
