import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as TestClock from "effect/testing/TestClock"
import { PluginSpans, type SpanOrigin } from "../../../src/agent/launch/PluginSpans.ts"
import { makeTelemetryReader } from "../../../src/agent/launch/TelemetryReader.ts"
import type { ReportedSpan } from "../../../src/protocol/TelemetryRecord.ts"

const span = { traceId: "a".repeat(32), spanId: "b".repeat(16), name: "n", kind: "client", start: "1", end: "2" }
const origin = { plugin: "suite", generation: 2, pid: 4242 }
const record = (fields: object) => JSON.stringify({ _telemetry: 1, ...fields })

/** A reader, all that it has passed on, and what it has counted. */
const makeReader = Effect.gen(function* () {
  const passed: Array<readonly [SpanOrigin, ReadonlyArray<ReportedSpan>]> = []
  const read = yield* makeTelemetryReader({ ...origin, linesPerSecond: 3 }).pipe(
    Effect.provideService(PluginSpans, (from, spans) => void passed.push([from, spans])),
  )
  const counts = Effect.map(Metric.snapshot, (all) =>
    Object.fromEntries(all.map(({ id, state }) => [id, "count" in state ? Number(state.count) : NaN])),
  )
  return { counts, passed, read }
})

/** A registry of its own: the one of the process has what other tests count. */
const alone = Effect.provideService(Metric.MetricRegistry, new Map())

describe("the telemetry of a plugin", () => {
  it.effect("is passed on with the process that it comes from, and counted", () =>
    Effect.gen(function* () {
      const { counts, passed, read } = yield* makeReader
      assert.isTrue(yield* read(record({ spans: [span], droppedSpans: 4, rateLimit: { count: 2, millis: 1_500 } })))
      assert.deepEqual(passed, [[origin, [span as ReportedSpan]]])
      assert.deepEqual(yield* counts, {
        "formae.span.dropped": 4,
        "formae.rate_limit.waits": 2,
        "formae.rate_limit.wait.time": 1.5,
      })
    }).pipe(alone),
  )

  it.effect("is text, where it is not what it seems", () =>
    Effect.gen(function* () {
      const { passed, read } = yield* makeReader
      const wrong = [
        { ...span, traceId: "not hexadecimal" },
        { ...span, name: "n".repeat(300) },
        { ...span, attributes: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [String(index), 1])) },
      ]
      for (const one of wrong) {
        assert.isFalse(yield* read(record({ spans: [one] })), JSON.stringify(one))
        yield* TestClock.adjust("1 second")
      }
      for (const line of ["text", `{"_telemetry":2}`, `{"_log":1,"level":"Info","message":"hello"}`]) {
        assert.isFalse(yield* read(line), line)
      }
      assert.deepEqual(passed, [])
    }).pipe(alone),
  )

  it.effect("that comes in a flood is dropped before it is decoded, and never reaches the log", () =>
    Effect.gen(function* () {
      const { passed, read } = yield* makeReader
      for (let line = 0; line < 100; line++) assert.isTrue(yield* read(record({ spans: [span] })))
      assert.strictEqual(passed.length, 3)
      yield* TestClock.adjust("1 second")
      yield* read(record({ spans: [span] }))
      assert.strictEqual(passed.length, 4)
    }).pipe(alone),
  )
})
