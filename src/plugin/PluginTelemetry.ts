/**
 * What a plugin tells its agent of its own work, beside the log: spans, and waits
 * for the rate limit. They are collected for a moment and written together.
 */
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ReportedSpan } from "../protocol/TelemetryRecord.ts"
import { makeSpanTracer } from "../transport/SpanTracer.ts"
import { CallTracer } from "../transport/Tracing.ts"
import { makeTelemetryLines } from "./TelemetryLines.ts"

export interface PluginTelemetry {
  /** The agent reads it. Before that, everything is dropped. */
  readonly begin: () => void
  /** A span that has ended. */
  readonly ended: (span: ReportedSpan) => void
  /** A request that has waited for the rate limit for so many milliseconds. */
  readonly waited: (millis: number) => void
}

/** Undefined in a plugin that no agent has launched as a process. */
export const PluginTelemetry = Context.Reference<PluginTelemetry | undefined>(
  "formae/plugin/PluginTelemetry/PluginTelemetry",
  { defaultValue: () => undefined },
)

/** How long is collected before it is written. */
const pause = Duration.millis(50)

/** Collects until the scope closes, and gives what was collected to `write`, as lines. */
export const makePluginTelemetry = (write: (line: string) => Effect.Effect<void>) =>
  Effect.gen(function* () {
    const context = yield* Effect.context<never>()
    const lines = makeTelemetryLines()
    let isRead = false
    let isWaiting = false
    const flush = Effect.suspend(() => {
      isWaiting = false
      return Effect.forEach(lines.take(), write, { discard: true })
    })
    const flushLater = (): void => {
      if (isWaiting) return
      isWaiting = true
      Effect.runForkWith(context)(Effect.andThen(Effect.sleep(pause), flush))
    }
    yield* Effect.addFinalizer(() => flush)
    return {
      begin: () => {
        isRead = true
      },
      ended: (span) => {
        if (!isRead) return
        lines.addSpan(span)
        flushLater()
      },
      waited: (millis) => {
        if (!isRead) return
        lines.addWait(millis)
        flushLater()
      },
    } satisfies PluginTelemetry
  })

/** Writes to stderr, like the log, and makes spans for the calls that name a trace. */
export const layerPluginTelemetry: Layer.Layer<never> = Layer.unwrap(
  Effect.gen(function* () {
    const console = yield* Console.Console
    // On a fresh line, so that half a line of something else cannot spoil the record.
    const telemetry = yield* makePluginTelemetry((line) => Effect.sync(() => console.error(`\n${line}`)))
    const tracer = makeSpanTracer({ onEnd: telemetry.ended, isReported: () => true, beginsTraces: false })
    return Layer.merge(Layer.succeed(PluginTelemetry, telemetry), Layer.succeed(CallTracer, tracer))
  }),
)
