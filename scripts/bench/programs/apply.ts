/** Applies so many FakeAWS resources with the journal on, in a process of its own, and prints what it took. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { hrtime } from "node:process"
import { Agent } from "../../../src/agent/Agent.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import type { Applied } from "../report/Results.ts"
import { peakResidentKiB } from "../measure/system.ts"
import { bucketsForma } from "./bucketsForma.ts"

const [plugins = ".", folder = ".", count = "0"] = process.argv.slice(2)
const resources = Number(count)

const main = Effect.gen(function* () {
  const agent = yield* Agent
  const forma = bucketsForma(`${folder}/cloud.db`, resources)
  // Ready before it is measured: the start has a figure of its own.
  yield* PluginCoordinator.use(({ capabilities }) => capabilities("FakeAWS"))
  const began = hrtime.bigint()
  const cpu = process.cpuUsage()
  const result = yield* agent.apply(forma, () => Effect.void)
  const used = process.cpuUsage(cpu)
  const done = result.resources.filter(({ status }) => status === "succeeded").length
  if (result.status !== "succeeded" || done !== resources) return yield* Effect.die(`${result.status}: ${done}`)
  const applied: Applied = {
    resources,
    millis: Number(hrtime.bigint() - began) / 1e6,
    agentCpuMillis: (used.user + used.system) / 1e3,
    agentPeakMiB: peakResidentKiB() / 1024,
  }
  process.stdout.write(`${JSON.stringify(applied)}\n`)
})

const layer = Agent.layer.pipe(
  Layer.provideMerge(PluginCoordinator.layerProcesses([`${plugins}/fake-aws`])),
  Layer.provide(Store.layerFile(`${folder}/state.db`)),
  Layer.provide(NodeServices.layer),
)

await Effect.runPromise(Effect.provide(main, layer))
