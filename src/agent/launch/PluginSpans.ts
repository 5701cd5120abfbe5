/** Where the spans of plugins go. */
import * as Context from "effect/Context"
import type { ReportedSpan } from "../../protocol/TelemetryRecord.ts"

/** Which process has reported a span. */
export interface SpanOrigin {
  /** The name of the plugin. */
  readonly plugin: string
  /** The number of its launch. */
  readonly generation: number
  /** The id of its process. */
  readonly pid: number
}

/**
 * Gets the spans that plugins report, from the time of their start. Undefined, as
 * it is by default, nobody wants them: then plugins are not told of traces, make
 * no spans and report none. It must not throw.
 */
export const PluginSpans: Context.Reference<
  ((origin: SpanOrigin, spans: ReadonlyArray<ReportedSpan>) => void) | undefined
> = Context.Reference<((origin: SpanOrigin, spans: ReadonlyArray<ReportedSpan>) => void) | undefined>(
  "formae/agent/launch/PluginSpans",
  { defaultValue: () => undefined },
)
