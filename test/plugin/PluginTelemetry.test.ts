import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { makePluginTelemetry } from "../../src/plugin/PluginTelemetry.ts"
import { makeTelemetryLines, maxWaitingBytes } from "../../src/plugin/TelemetryLines.ts"
import { logLineCapBytes } from "../../src/protocol/LogRecord.ts"
import { type ReportedSpan, TelemetryRecord } from "../../src/protocol/TelemetryRecord.ts"

const span = (name: string): ReportedSpan => ({
  traceId: "a".repeat(32),
  spanId: "b".repeat(16),
  name,
  kind: "client",
  start: "1",
  end: "2",
})
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(TelemetryRecord))

describe("the telemetry of a plugin", () => {
  it.effect(
    "is written together after a moment, and what is left at the end, but only for an agent that reads it",
    () =>
      Effect.gen(function* () {
        const lines: Array<string> = []
        yield* Effect.scoped(
          Effect.gen(function* () {
            const telemetry = yield* makePluginTelemetry((line) => Effect.sync(() => void lines.push(line)))
            telemetry.ended(span("before"))
            telemetry.waited(7)
            telemetry.begin()
            telemetry.ended(span("one"))
            telemetry.ended(span("two"))
            telemetry.waited(1_500)
            telemetry.waited(500)
            yield* TestClock.adjust("49 millis")
            assert.deepEqual(lines, [])
            yield* TestClock.adjust("1 millis")
            assert.deepEqual(
              lines.map((line) => decode(line)),
              [{ _telemetry: 1, rateLimit: { count: 2, millis: 2_000 }, spans: [span("one"), span("two")] }],
            )
            yield* TestClock.adjust("1 minute")
            telemetry.ended(span("last"))
          }),
        )
        assert.deepEqual(
          lines.slice(1).map((line) => decode(line)),
          [{ _telemetry: 1, spans: [span("last")] }],
        )
      }),
  )

  it("has a bound, and says how much was left out", () => {
    const lines = makeTelemetryLines()
    const many = 5_000
    for (let index = 0; index < many; index++) lines.addSpan(span("x".repeat(200)))
    const taken = lines.take()
    const records = taken.map((line) => decode(line))
    const kept = records.flatMap(({ spans = [] }) => spans).length
    for (const line of taken) assert.isAtMost(Buffer.byteLength(line), logLineCapBytes)
    assert.isAtMost(taken.join("").length, maxWaitingBytes + 4 * 256)
    assert.isAbove(kept, 500)
    assert.strictEqual(records[0]?.droppedSpans, many - kept)
    assert.deepEqual(lines.take(), [])
    lines.addSpan(span("again"))
    assert.strictEqual(lines.take().length, 1)
  })
})
