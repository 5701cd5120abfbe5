/** Where telemetry goes, as the standard variables of OpenTelemetry say. */
import { appendUrl, get } from "effect/http/HttpClientRequest"
import { type Environment, isSet } from "./wantsTelemetry.ts"

/** What is sent. */
export type Signal = "traces" | "metrics" | "logs"

/** Where one kind of telemetry is sent. */
export interface OtlpTarget {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface OtlpSettings {
  readonly targets: Partial<Readonly<Record<Signal, OtlpTarget>>>
  readonly serviceName: string
  readonly resource: Readonly<Record<string, string>>
  readonly isProtobuf: boolean
  readonly isGzip: boolean
  /** How often metrics are sent, in milliseconds. */
  readonly metricMillis: number
  /** How long a request may take, in milliseconds. */
  readonly timeoutMillis: number
  /** The span in which this process was started: `TRACEPARENT`. */
  readonly parent: { readonly traceId: string; readonly spanId: string; readonly sampled: boolean } | undefined
  /** What cannot be used of the variables, as sentences. */
  readonly mistakes: ReadonlyArray<string>
}

/** What is added to the URL that all of them share. */
const paths: Readonly<Record<Signal, string>> = { traces: "/v1/traces", metrics: "/v1/metrics", logs: "/v1/logs" }
const signals: ReadonlyArray<Signal> = ["traces", "metrics", "logs"]

export const otlpSettings = (environment: Environment): OtlpSettings => {
  // What all signals share is found wrong for each.
  const mistakes = new Set<string>()
  const targets: Partial<Record<Signal, OtlpTarget>> = {}
  for (const signal of signals) {
    const target = targetOf(environment, signal, mistakes)
    if (target !== undefined) targets[signal] = target
  }
  const resource = pairsIn(environment, "OTEL_RESOURCE_ATTRIBUTES", mistakes)
  const { "service.name": named = "formae", ...rest } = resource
  return {
    targets,
    serviceName: given(environment, "OTEL_SERVICE_NAME") ?? named,
    resource: rest,
    isProtobuf: protocolIn(environment, mistakes) === "http/protobuf",
    isGzip: given(environment, "OTEL_EXPORTER_OTLP_COMPRESSION") === "gzip",
    metricMillis: millisIn(environment, "OTEL_METRIC_EXPORT_INTERVAL", 60_000, mistakes),
    timeoutMillis: millisIn(environment, "OTEL_EXPORTER_OTLP_TIMEOUT", 10_000, mistakes),
    parent: parentIn(environment["TRACEPARENT"]),
    mistakes: [...mistakes],
  }
}

const given = (environment: Environment, name: string): string | undefined => {
  const value = environment[name]
  return isSet(value) ? value.trim() : undefined
}

const targetOf = (environment: Environment, signal: Signal, mistakes: Set<string>): OtlpTarget | undefined => {
  const upper = signal.toUpperCase()
  if (given(environment, `OTEL_${upper}_EXPORTER`) === "none") return undefined
  if (signal === "traces" && given(environment, "OTEL_TRACES_SAMPLER")?.endsWith("always_off") === true)
    return undefined
  const ownName = `OTEL_EXPORTER_OTLP_${upper}_ENDPOINT`
  const own = given(environment, ownName)
  const shared = given(environment, "OTEL_EXPORTER_OTLP_ENDPOINT")
  const text = own ?? shared
  if (text === undefined) return undefined
  const url = own === undefined ? URL.parse(appendUrl(get(text), paths[signal]).url) : URL.parse(own)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // Not quoted: it may hold a password.
    mistakes.add(
      `${own === undefined ? "OTEL_EXPORTER_OTLP_ENDPOINT" : ownName} is not an http or https URL, such as http://localhost:4318`,
    )
    return undefined
  }
  const ownHeaders = `OTEL_EXPORTER_OTLP_${upper}_HEADERS`
  const headersName = isSet(environment[ownHeaders]) ? ownHeaders : "OTEL_EXPORTER_OTLP_HEADERS"
  return { url: url.href, headers: pairsIn(environment, headersName, mistakes) }
}

/** `name=value,name=value`, with values encoded as in a URL. */
const pairsIn = (environment: Environment, name: string, mistakes: Set<string>): Readonly<Record<string, string>> => {
  const pairs: Record<string, string> = {}
  for (const part of (given(environment, name) ?? "").split(",")) {
    const [key = "", ...value] = part.split("=")
    if (key.trim() === "" || value.length === 0) continue
    try {
      pairs[decodeURIComponent(key.trim())] = decodeURIComponent(value.join("=").trim())
    } catch {
      mistakes.add(`${name} has a value with a % that is not part of an encoded character`)
    }
  }
  return pairs
}

const protocolIn = (environment: Environment, mistakes: Set<string>): string => {
  const protocol = given(environment, "OTEL_EXPORTER_OTLP_PROTOCOL") ?? "http/json"
  if (protocol === "http/json" || protocol === "http/protobuf") return protocol
  mistakes.add("OTEL_EXPORTER_OTLP_PROTOCOL may be http/json or http/protobuf; http/json is used")
  return "http/json"
}

const millisIn = (environment: Environment, name: string, fallback: number, mistakes: Set<string>): number => {
  const text = given(environment, name)
  if (text === undefined) return fallback
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  mistakes.add(`${name} is not a number of milliseconds; ${fallback} is used`)
  return fallback
}

const parentIn = (text: string | undefined): OtlpSettings["parent"] => {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text?.trim() ?? "") ?? []
  if (traceId === undefined || spanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags ?? "0", 16) & 1) === 1 }
}
