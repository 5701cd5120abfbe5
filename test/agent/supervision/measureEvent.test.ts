import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { measureEvent } from "../../../src/agent/supervision/measureEvent.ts"
import { PluginEvent } from "../../../src/agent/supervision/PluginEvent.ts"

const launch = { plugin: "aws", generation: 1 }
const { cases } = PluginEvent

describe("what happens to a plugin", () => {
  it.effect("is counted where somebody may want to be told of it", () =>
    Effect.gen(function* () {
      const events: ReadonlyArray<PluginEvent> = [
        cases.Launched.make(launch),
        cases.Ready.make({ ...launch, pid: 1, version: "1.0.0" }),
        cases.Suspect.make({ ...launch, silentMillis: 3_000 }),
        cases.Stalled.make({ ...launch, silentMillis: 30_000, frames: [], operations: [] }),
        cases.Crashed.make({ ...launch, reason: "was killed", operations: [] }),
        cases.RestartingIn.make({ ...launch, delayMillis: 0 }),
        cases.Launched.make({ ...launch, generation: 2 }),
        cases.Quarantined.make({ plugin: "aws", restarts: 5, reason: "crashed", at: 0 }),
        cases.Stopped.make({ plugin: "azure", generation: 1 }),
      ]
      yield* Effect.forEach(events, measureEvent)
      assert.deepEqual(
        (yield* Metric.snapshot).map(({ attributes, id, state }) => [id, attributes?.["formae.plugin"], state]),
        [
          ["formae.plugin.launches", "aws", { count: 2, incremental: true }],
          ["formae.plugin.stalls", "aws", { count: 1, incremental: true }],
          ["formae.plugin.crashes", "aws", { count: 1, incremental: true }],
          ["formae.plugin.restarts", "aws", { count: 1, incremental: true }],
          ["formae.plugin.quarantines", "aws", { count: 1, incremental: true }],
        ] as ReadonlyArray<unknown>,
      )
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map())),
  )
})
