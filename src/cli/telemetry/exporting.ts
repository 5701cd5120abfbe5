/** Sends traces, metrics and logs by OTLP while a program runs, and what is left at its end. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as SemVer from "effect/SemVer"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import * as OtlpLogger from "effect/observability/OtlpLogger"
import * as OtlpMetrics from "effect/observability/OtlpMetrics"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import { agentVersion, makeSpanTracer, PluginSpans } from "../../agent/index.ts"
import { layerBoundedClient } from "./BoundedClient.ts"
import { type OtlpSettings, otlpSettings } from "./otlpSettings.ts"
import { isReported } from "./reportedNames.ts"
import { type OwnedSpan, spanBody } from "./spanBody.ts"
import type { Environment } from "./wantsTelemetry.ts"

/** How long the end of a command may take for what is left. A collector that answers needs a few milliseconds. */
const lastMillis = 1_000

/** How many spans are sent at a time. */
const batch = 512

const makeExporters = Effect.fnUntraced(function* (settings: OtlpSettings) {
  const { isGzip, metricMillis, resource: attributes, serviceName, targets } = settings
  const version = SemVer.format(agentVersion)
  const compression = isGzip ? "gzip" : "none"
  const shutdownTimeout = Duration.millis(lastMillis)
  const resource = { serviceName, serviceVersion: version, attributes: { ...attributes, "process.pid": process.pid } }
  const shared = { compression, shutdownTimeout, resource } as const
  const { traces } = yield* OtlpSerialization.OtlpSerialization
  const identity = { serviceName, resource: attributes, version, pid: process.pid }
  const spans =
    targets.traces &&
    (yield* OtlpExporter.make({
      ...targets.traces,
      label: "OtlpTracer",
      compression,
      shutdownTimeout,
      exportInterval: Duration.seconds(2),
      maxBatchSize: batch,
      body: (all: Array<OwnedSpan>) => [traces(spanBody(identity, all)), Effect.void],
    }))
  if (targets.metrics !== undefined) {
    yield* OtlpMetrics.make({ ...shared, ...targets.metrics, exportInterval: Duration.millis(metricMillis) })
  }
  const logger = targets.logs && (yield* OtlpLogger.make({ ...shared, ...targets.logs, excludeLogSpans: true }))
  return { logger, spans }
})

type Exporters = Effect.Success<ReturnType<typeof makeExporters>>

/** The program with what it does handed on. */
const exportedBy = <E, R>(
  { logger, spans }: Exporters,
  parent: OtlpSettings["parent"],
  command: string,
  program: Effect.Effect<void, E, R>,
): Effect.Effect<void, E, R> => {
  const logged =
    logger === undefined ? program : Effect.provide(program, Logger.layer([logger], { mergeWithExisting: true }))
  if (spans === undefined) return Effect.withTracerEnabled(logged, false)
  const push = (owned: OwnedSpan): void => spans.push(owned)
  const tracer = makeSpanTracer({
    onEnd: (span) => push({ span, origin: undefined }),
    isReported,
    beginsTraces: true,
  })
  // What stays has no end to wait for: what it is asked to do begins traces of its own.
  const whole =
    command === "agent"
      ? logged
      : Effect.withSpan(logged, `formae ${command}`, {
          attributes: { "formae.command": command },
          ...(parent === undefined ? {} : { parent: Tracer.externalSpan(parent) }),
          captureStackTrace: false,
        })
  return (whole as Effect.Effect<void, E, R>).pipe(
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.provideService(PluginSpans, (origin, reported) => {
      for (const span of reported) push({ span, origin })
    }),
  )
}

/**
 * Runs a program and sends what it does. Whatever becomes of that, the program
 * goes on and ends as it would: a collector that does not answer costs it a
 * second at its end at most, and one that is not there nothing.
 */
export const exporting = Effect.fnUntraced(function* <E, R>(
  environment: Environment,
  command: string,
  program: Effect.Effect<void, E, R>,
): Effect.fn.Return<void, E, R> {
  const settings = otlpSettings(environment)
  for (const mistake of settings.mistakes) yield* Effect.logWarning(`Telemetry: ${mistake}`)
  const scope = yield* Scope.make()
  const ending = { isEnding: false, abandoned: Deferred.makeUnsafe<void>() }
  const serialization = settings.isProtobuf ? OtlpSerialization.layerProtobuf : OtlpSerialization.layerJson
  const exporters = yield* makeExporters(settings).pipe(
    Effect.provide([OtlpExporter.layerFlusher, serialization, layerBoundedClient(settings, ending)]),
    Scope.provide(scope),
  )
  const end = Effect.gen(function* () {
    ending.isEnding = true
    const closing = yield* Effect.forkDetach(Scope.close(scope, Exit.void))
    yield* Effect.timeoutOption(Fiber.await(closing), lastMillis)
    yield* Deferred.succeed(ending.abandoned, undefined)
  })
  return yield* Effect.onExit(exportedBy(exporters, settings.parent, command, program), () => end)
})
