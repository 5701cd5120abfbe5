/**
 * Applies FakeAWS resources with the journal on and prints an `ApplyResult`.
 * Its arguments are the folder of the plugins, the folder for the cloud and the
 * state, and how many resources.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { hrtime } from "node:process"
import { Agent } from "../../../src/agent/Agent.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { peakResidentKiB } from "../measure/Memory.ts"
import type { ApplyResult } from "../report/Results.ts"
import { bucketsForma } from "./bucketsForma.ts"

const [plugins = ".", folder = ".", count = "0"] = process.argv.slice(2)
const resources = Number(count)

const main = Effect.gen(function* () {
  const agent = yield* Agent
  const forma = bucketsForma(`${folder}/cloud.db`, resources)
  // The plugin is ready before the apply, because starts have a figure of their own.
  yield* PluginCoordinator.use(({ capabilities }) => capabilities("FakeAWS"))
  const startedAt = hrtime.bigint()
  const cpuBefore = process.cpuUsage()
  const { resources: outcomes, status } = yield* agent.apply(forma)
  const cpu = process.cpuUsage(cpuBefore)
  const succeeded = outcomes.filter(({ status }) => status === "succeeded").length
  if (status !== "succeeded" || succeeded !== resources) {
    return yield* Effect.die(`the apply ended as ${status}, with ${succeeded} of ${resources} resources`)
  }
  const result: ApplyResult = {
    resources,
    millis: Number(hrtime.bigint() - startedAt) / 1e6,
    agentCpuMillis: (cpu.user + cpu.system) / 1e3,
    agentPeakMiB: peakResidentKiB() / 1024,
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
})

const layer = Agent.layer.pipe(
  Layer.provideMerge(PluginCoordinator.layerProcesses([`${plugins}/fake-aws`])),
  Layer.provide(Store.layerFile(`${folder}/state.db`)),
  Layer.provide(NodeServices.layer),
)

await Effect.runPromise(Effect.provide(main, layer))
