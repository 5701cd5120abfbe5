import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { Agent } from "../../src/agent/Agent.ts"
import { metrics } from "../../src/agent/metrics/Metrics.ts"
import { serveSocket } from "../../src/control/server/ControlServer.ts"
import { prometheusName } from "../../src/control/server/metricsText.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { answerTo, requestOf } from "./rawHttp.ts"
import { layerLocal, layerServices, makeSocketFolder } from "./remoteAgent.ts"

describe("the metrics of an agent", () => {
  it.live("are text for Prometheus, with what its commands, operations and plugins did", () =>
    Effect.gen(function* () {
      const socket = join(yield* makeSocketFolder, "agent.sock")
      const services = layerServices.pipe(Layer.provideMerge(layerLocal([makeNotes().plugin])))
      const served = serveSocket({ socket }).pipe(Layer.provideMerge(services), Layer.orDie)
      const told = Effect.gen(function* () {
        const agent = yield* Agent
        yield* agent.apply(formaOfNotes({ one: { Text: "nobody may see this" }, two: {} }))
        yield* agent.sync({})
        const answer = yield* answerTo(socket, requestOf("GET", "/metrics"))
        const lines = answer.split("\n")
        assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
        assert.include(answer.toLowerCase(), "content-type: text/plain; version=0.0.4; charset=utf-8")
        for (const line of [
          `formae_command_duration_seconds_count{formae_command="apply"} 1`,
          `formae_operation_duration_seconds_count{formae_operation="Create",formae_resource_type="Notes::Of::Note"} 2`,
          `formae_operation_attempts_total{formae_operation="Create",formae_resource_type="Notes::Of::Note"} 2`,
          `formae_sync_resources_total{formae_sync_outcome="same"} 2`,
          `formae_command_active{formae_command_phase="running"} 0`,
          `formae_plugin_launches_total{formae_plugin="notes"} 1`,
          `formae_plugin_caller_waiting{formae_plugin="notes"} 0`,
        ]) {
          assert.include(lines, line)
        }
        assert.notInclude(answer, "nobody may see this")
      })
      yield* Effect.provide(told, served)
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())),
  )

  it("have names as Prometheus wants them", () => {
    assert.strictEqual(prometheusName("formae.operation.duration"), "formae.operation.duration_seconds")
    assert.strictEqual(prometheusName("formae.plugin.crashes"), "formae.plugin.crashes_total")
    assert.strictEqual(prometheusName("of.the.host"), "of.the.host")
    assert.lengthOf(new Set(metrics.map(({ metric }) => metric.id)), metrics.length)
  })
})
