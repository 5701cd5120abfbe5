/** What a run of the bench may have measured. */
import { figureOf } from "../../../scripts/bench/report/Figure.ts"
import { besideFloor } from "./besideFloor.ts"
import type { Results } from "../../../scripts/bench/report/Results.ts"

export const exampleResults: Results = {
  node: "v24.0.0",
  processor: "2 × of some kind",
  form: "full",
  figures: [
    figureOf(
      { id: "one-together", title: "calls one after another, together", unit: "ms", ratio: "share" },
      besideFloor(
        ["floor", "the floor", [0.02, 0.04, 0.03]],
        ["whole-way", "formae, the whole way", [0.04, 0.1, 0.06]],
        ["rpc-layer", "formae, its rpc layer", [0.04, 0.06, 0.06]],
      ),
      besideFloor(
        ["floor", "the floor", [0.01, 0.02, 0.03]],
        ["whole-way", "formae, the whole way", [0.02, 0.08, 0.12]],
        ["rpc-layer", "formae, its rpc layer", [0.01, 0.02, 0.03]],
      ),
    ),
    figureOf(
      { id: "start", title: "spawn to first answer", unit: "ms", ratio: "times" },
      besideFloor(
        ["bare", "bare Node", [30, 60]],
        ["fake-aws", "formae, fake-aws", [60, 120]],
        ["aws", "formae, <aws>", [90, 180]],
      ),
    ),
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
  filePasses: [100, 1_000].flatMap((resources) => [
    { name: "sync", resources, cpuMillis: resources, peakMiB: 150 },
    { name: "inventory", resources, cpuMillis: resources * (resources / 100), peakMiB: 100 + resources / 10 },
  ]),
  postgresPasses: [{ name: "drift", resources: 100, cpuMillis: 50, peakMiB: 150 }],
  crowd: { plugins: 50, inFlight: 1_000, medianMillis: 200, slowestMillis: 500 },
}
