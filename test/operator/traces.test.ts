/** One trace from the caller of an operator to the calls of the provider, over frames. */
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Stdio from "effect/Stdio"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { makeRemoteOperator } from "../../src/agent/launch/RemoteOperator.ts"
import { servePlugin } from "../../src/plugin/PluginServer.ts"
import { PluginTelemetry } from "../../src/plugin/PluginTelemetry.ts"
import { NodeName } from "../../src/protocol/Identity.ts"
import { PluginRpcs } from "../../src/protocol/PluginRpcs.ts"
import { ReportedSpan } from "../../src/protocol/TelemetryRecord.ts"
import { makeCallClient } from "../../src/transport/CallClient.ts"
import { makeClientConnection } from "../../src/transport/ClientProtocol.ts"
import { makeSpanTracer } from "../../src/transport/SpanTracer.ts"
import { makeStdioPair } from "../../src/transport/StdioPair.ts"
import { CallTracer } from "../../src/transport/Tracing.ts"
import { plugin } from "../fixtures/plugins/suite/plugin.ts"
import { create, list, read, unobserved } from "./operations.ts"
import { handshake } from "./overMemory.ts"

const isReportable = Schema.is(ReportedSpan)

/** An operator whose plugin makes spans, and the spans of both sides. */
const makeTraced = Effect.fnUntraced(function* (namesTraces: boolean) {
  const pair = yield* makeStdioPair
  const spans: Array<ReportedSpan> = []
  const onEnd = (span: ReportedSpan) => void spans.push(span)
  const ofPlugin = makeSpanTracer({ onEnd, isReported: () => true, beginsTraces: false })
  const ofAgent = makeSpanTracer({ onEnd, isReported: () => true, beginsTraces: true })
  let hasBegun = false
  yield* servePlugin(plugin, {
    node: NodeName.make("suite-plugin@localhost"),
    cookie: handshake().cookie,
    pid: 1,
  }).pipe(
    Effect.provideService(Stdio.Stdio, pair.plugin),
    Effect.provideService(CallTracer, ofPlugin),
    Effect.provideService(PluginTelemetry, {
      begin: () => {
        hasBegun = true
      },
      ended: onEnd,
      waited: () => undefined,
    }),
    Effect.forkScoped,
  )
  const connection = yield* makeClientConnection({ onJunk: Effect.die }).pipe(
    Effect.provideService(Stdio.Stdio, pair.agent),
  )
  const client = yield* makeCallClient(PluginRpcs, connection, { namesTraces: () => namesTraces })
  yield* client.Handshake({ ...handshake(), features: ["telemetry"] })
  const { operator } = yield* makeRemoteOperator({
    client,
    plugin: plugin.name,
    inFlight: 64,
    limit: Duration.hours(1),
    describeLoss: Effect.succeed("the plugin is gone"),
  })
  const traced = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.provideService(Effect.withSpan(effect, "asked"), Tracer.Tracer, ofAgent)
  /** Each span with the names of those above it. */
  const paths = () => {
    const byId = new Map(spans.map((span) => [span.spanId, span]))
    const pathOf = ({ name, parentSpanId }: ReportedSpan): string => {
      const parent = byId.get(parentSpanId ?? "")
      return parent === undefined ? name : `${pathOf(parent)} > ${name}`
    }
    return spans.map(pathOf)
  }
  return { hasBegun: () => hasBegun, operator, paths, spans, traced }
})

describe("a trace", () => {
  it.effect("goes from the caller over the pipe to each call of the provider, polls included", () =>
    Effect.gen(function* () {
      const { hasBegun, operator, paths, spans, traced } = yield* makeTraced(true)
      assert.isTrue(hasBegun())
      const later = yield* Effect.forkChild(
        traced(operator.perform(create("Later", { Name: "a", Polls: 1, StatusFails: [] }), unobserved)),
        { startImmediately: true },
      )
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(later)
      const call = "asked > plugin.Create > Create"
      assert.deepEqual(paths(), [
        `${call} > provider.Create`,
        `${call} > provider.Status`,
        `${call} > provider.Status`,
        call,
        "asked > plugin.Create",
        "asked",
      ])
      assert.strictEqual(new Set(spans.map(({ traceId }) => traceId)).size, 1)
      for (const span of spans) assert.isTrue(isReportable(span), JSON.stringify(span))
      spans.length = 0
      yield* traced(operator.perform(read("Now", "missing"), unobserved))
      yield* Effect.exit(traced(operator.list(list("Now"))))
      assert.deepEqual(paths(), [
        "asked > plugin.Read > Read > provider.Read",
        "asked > plugin.Read > Read",
        "asked > plugin.Read",
        "asked",
        "asked > plugin.List > List > provider.List",
        "asked > plugin.List > List",
        "asked > plugin.List",
        "asked",
      ])
      assert.strictEqual(spans[0]?.error, "NotFound")
    }),
  )

  it.effect("ends at the pipe of a plugin that is not told of it", () =>
    Effect.gen(function* () {
      const { operator, paths, traced } = yield* makeTraced(false)
      yield* traced(operator.perform(read("Now", "missing"), unobserved))
      assert.deepEqual(paths(), ["asked > plugin.Read", "asked"])
    }),
  )
})
