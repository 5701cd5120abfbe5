/** Reads the telemetry records among the lines that a plugin prints, at a limited rate. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { TelemetryRecord } from "../../protocol/TelemetryRecord.ts"
import { droppedSpans, rateLimitWaits, rateLimitWaitSeconds } from "../metrics/Metrics.ts"
import { admit, initialLogRate, type LogRateSettings } from "./LogRate.ts"
import { PluginSpans, type SpanOrigin } from "./PluginSpans.ts"

const decodeRecord = Schema.decodeUnknownOption(Schema.fromJsonString(TelemetryRecord))

/** No other line is parsed. */
const recordStart = /^\{"_telemetry":1\b/

/**
 * Takes a line of stderr, and returns whether it is a telemetry record. What comes
 * faster than a log may is dropped before it is parsed: a flood must not cost the
 * agent the work of decoding it.
 */
export const makeTelemetryReader = Effect.fnUntraced(function* (options: SpanOrigin & LogRateSettings) {
  const { generation, pid, plugin } = options
  const onSpans = yield* PluginSpans
  const context = yield* Effect.context<never>()
  const ofPlugin = { "formae.plugin": plugin }
  let rate = initialLogRate(yield* Clock.currentTimeMillis, options)

  const take = ({ droppedSpans: dropped = 0, rateLimit, spans = [] }: TelemetryRecord): void => {
    if (spans.length > 0) onSpans?.({ plugin, generation, pid }, spans)
    if (dropped > 0) Metric.withAttributes(droppedSpans, ofPlugin).updateUnsafe(dropped, context)
    if (rateLimit === undefined) return
    Metric.withAttributes(rateLimitWaits, ofPlugin).updateUnsafe(rateLimit.count, context)
    Metric.withAttributes(rateLimitWaitSeconds, ofPlugin).updateUnsafe(rateLimit.millis / 1_000, context)
  }

  return (line: string): Effect.Effect<boolean> => {
    if (!recordStart.test(line)) return Effect.succeed(false)
    return Effect.map(Clock.currentTimeMillis, (now) => {
      const { admitted, state } = admit(rate, now, options)
      rate = state
      if (!admitted) return true
      const record = decodeRecord(line)
      if (Option.isSome(record)) take(record.value)
      return Option.isSome(record)
    })
  }
})
