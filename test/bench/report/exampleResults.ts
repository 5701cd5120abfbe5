/** What a run of the bench may have measured. */
import { figureOf } from "../../../scripts/bench/report/Figure.ts"
import type { Results } from "../../../scripts/bench/report/Results.ts"

export const exampleResults: Results = {
  node: "v24.0.0",
  processor: "2 × of some kind",
  form: "full",
  figures: [
    figureOf({ id: "one-together", title: "calls one after another, together", unit: "ms", ratio: "share" }, [
      { name: "floor", title: "the floor", rounds: [0.02, 0.04, 0.03] },
      { name: "whole-way", title: "formae, the whole way", rounds: [0.04, 0.1, 0.06] },
      { name: "rpc-layer", title: "formae, its rpc layer", rounds: [0.04, 0.06, 0.06] },
    ]),
    figureOf({ id: "start", title: "spawn to first answer", unit: "ms", ratio: "times" }, [
      { name: "bare", title: "bare Node", rounds: [30, 60] },
      { name: "fake-aws", title: "formae, fake-aws", rounds: [60, 120] },
      { name: "aws", title: "formae, <aws>", rounds: [90, 180] },
    ]),
  ],
  apply: [
    { resources: 100, millis: 1_000, agentCpuMillis: 300, agentPeakMiB: 100 },
    { resources: 200, millis: 2_000, agentCpuMillis: 400, agentPeakMiB: 150 },
  ],
  scale: [100, 1_000].map((resources) => ({
    resources,
    readYamlRatio: 1.1,
    readJsonRatio: 1.4,
    applyMillis: 10 * resources,
    applyCpuMillis: resources,
    planCpuMillis: resources / 2,
    heapMiB: 40 + resources / 512,
    peakMiB: 100 + resources / 10,
  })),
  crowd: { plugins: 50, inFlight: 1_000, medianMillis: 200, slowestMillis: 500 },
}
