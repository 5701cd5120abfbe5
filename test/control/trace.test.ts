import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { Agent } from "../../src/agent/Agent.ts"
import type { ReportedSpan } from "../../src/protocol/TelemetryRecord.ts"
import { isReported } from "../../src/cli/telemetry/reportedNames.ts"
import { makeSpanTracer } from "../../src/transport/SpanTracer.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { layerOverApi } from "./remoteAgent.ts"

describe("a command over the API", () => {
  it.live("is in the trace of its caller, down to the call of the provider", () =>
    Effect.gen(function* () {
      const spans: Array<ReportedSpan> = []
      const tracer = makeSpanTracer({ onEnd: (span) => void spans.push(span), isReported, beginsTraces: true })
      const told = Effect.gen(function* () {
        const agent = yield* Agent
        yield* Effect.withSpan(agent.apply(formaOfNotes({ one: {} })), "formae apply")
      })
      yield* told.pipe(Effect.provide(layerOverApi([makeNotes().plugin])), Effect.provideService(Tracer.Tracer, tracer))
      const byId = new Map(spans.map((span) => [span.spanId, span]))
      const pathOf = ({ name, parentSpanId }: ReportedSpan): string => {
        const parent = byId.get(parentSpanId ?? "")
        return parent === undefined ? name : `${pathOf(parent)} > ${name}`
      }
      const paths = spans.filter(({ parentSpanId }) => parentSpanId !== undefined).map(pathOf)
      assert.include(paths, "formae apply > Agent.apply > resource.ensure")
      assert.include(paths, "formae apply > Agent.apply > Planner.plan")
    }),
  )
})
