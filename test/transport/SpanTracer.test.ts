import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import type { ReportedSpan } from "../../src/protocol/TelemetryRecord.ts"
import { errorNameOf } from "../../src/transport/SpanReport.ts"
import { makeSpanTracer } from "../../src/transport/SpanTracer.ts"
import { inSpan, recordedSpan } from "../../src/transport/Tracing.ts"

const makeTraced = (beginsTraces = true) => {
  const spans: Array<ReportedSpan> = []
  const isReported = (name: string) => !name.startsWith("inner")
  const tracer = makeSpanTracer({ onEnd: (span) => void spans.push(span), isReported, beginsTraces })
  const traced = <A, E>(effect: Effect.Effect<A, E>) => Effect.provideService(effect, Tracer.Tracer, tracer)
  return { spans, traced }
}

describe("a tracer that reports spans", () => {
  it.effect("leaves out those that are not worth it, and what is done in them counts as done in their parent", () =>
    Effect.gen(function* () {
      const { spans, traced } = makeTraced()
      const ids = yield* Effect.currentSpan.pipe(
        Effect.map(({ spanId }) => spanId),
        Effect.withSpan("innermost"),
        (id) => Effect.all([id, Effect.map(Effect.currentSpan, ({ spanId }) => spanId)]),
        Effect.withSpan("leaf"),
        Effect.withSpan("inner"),
        Effect.withSpan("root", {
          attributes: { name: "x".repeat(300), count: 2, isGood: true, whole: { secret: 1 } },
        }),
        traced,
      )
      const [leaf, root] = spans
      assert.deepEqual(
        spans.map(({ name }) => name),
        ["leaf", "root"],
      )
      assert.strictEqual(leaf?.parentSpanId, root?.spanId)
      assert.strictEqual(leaf?.traceId, root?.traceId)
      assert.isUndefined(root?.parentSpanId)
      // A request that is sent in such a span names the one above.
      assert.deepEqual(ids, [leaf?.spanId ?? "", leaf?.spanId ?? ""])
      assert.deepEqual(root?.attributes, { name: "x".repeat(256), count: 2, isGood: true })
    }),
  )

  it.effect("gives a span below a first one that is left out no parent that nobody knows", () =>
    Effect.gen(function* () {
      const { spans, traced } = makeTraced()
      yield* traced(Effect.withSpan(Effect.withSpan(Effect.void, "leaf"), "inner"))
      assert.deepEqual(
        spans.map(({ name, parentSpanId }) => [name, parentSpanId]),
        [["leaf", undefined]],
      )
    }),
  )

  it.effect("reports nothing outside of the traces of others, if it begins none", () =>
    Effect.gen(function* () {
      const { spans, traced } = makeTraced(false)
      yield* traced(Effect.withSpan(Effect.void, "alone"))
      const parent = Tracer.externalSpan({ traceId: "a".repeat(32), spanId: "b".repeat(16) })
      yield* traced(Effect.withSpan(Effect.void, "asked", { parent }))
      assert.deepEqual(
        spans.map(({ name, parentSpanId, traceId }) => [name, parentSpanId, traceId]),
        [["asked", parent.spanId, parent.traceId]],
      )
    }),
  )

  it("names an error, and never quotes it", () => {
    const secret = "hunter2 is the password"
    const named = (error: unknown) => errorNameOf(Exit.fail(error))
    assert.strictEqual(errorNameOf(Exit.void), undefined)
    assert.strictEqual(errorNameOf(Exit.interrupt(1)), "Interrupted")
    assert.strictEqual(named({ _tag: "ProviderError", code: "Throttling", message: secret }), "Throttling")
    assert.strictEqual(named({ _tag: "ChangeFailed", message: secret }), "ChangeFailed")
    assert.strictEqual(errorNameOf(Exit.die(new TypeError(secret))), "TypeError")
    assert.strictEqual(named({ code: secret, _tag: secret, name: secret }), "Error")
    assert.strictEqual(named(secret), "Error")
  })
})

describe("a span where it is worth one", () => {
  it.effect("is made only in a trace that is recorded", () =>
    Effect.gen(function* () {
      const { spans, traced } = makeTraced()
      const isRecorded = Effect.withFiber((fiber) => Effect.succeed(recordedSpan(fiber) !== undefined))
      assert.isFalse(yield* inSpan("alone")(isRecorded))
      const off = Effect.withSpan(inSpan("off")(isRecorded), "outer")
      assert.isFalse(yield* Effect.provideService(traced(off), References.TracerEnabled, false))
      assert.isTrue(yield* traced(Effect.withSpan(inSpan("on")(isRecorded), "outer")))
      assert.deepEqual(
        spans.map(({ name }) => name),
        ["on", "outer"],
      )
    }),
  )
})
