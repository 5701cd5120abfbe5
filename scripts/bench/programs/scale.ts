/**
 * Reads, applies and plans again a document of FakeAWS resources, one network
 * to nine blocks, and prints a `ScaleResult`. Its arguments are the folder of
 * the plugins, the folder for the cloud and the state, and how many resources.
 */
import * as Effect from "effect/Effect"
import { hrtime } from "node:process"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { parse, stringify } from "yaml"
import { Agent } from "../../../src/agent/Agent.ts"
import { readForma } from "../../../src/agent/forma/FormaText.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { peakResidentKiB } from "../measure/Memory.ts"
import type { ScaleResult } from "../report/Results.ts"
import { familiesForma } from "./familiesForma.ts"
import { cpuOf, layerAgentOn } from "./scaleAgent.ts"

const [plugins = ".", folder = ".", count = "0"] = process.argv.slice(2)
const resources = Number(count)

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

/** What is reachable, in MiB. */
const liveHeapMiB = (): number => {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** How long both forms take to read, in times of the package `yaml`, and the forma. The texts are not held. */
const readBoth = Effect.gen(function* () {
  const json = JSON.stringify(familiesForma(`${folder}/cloud.db`, resources))
  const yaml = stringify(JSON.parse(json))
  const alone = {
    yaml: yield* cpuOf(Effect.sync(() => parse(yaml))),
    json: yield* cpuOf(Effect.sync(() => parse(json))),
  }
  const readYaml = yield* cpuOf(readForma(yaml, undefined))
  const readJson = yield* cpuOf(readForma(json, undefined))
  return {
    forma: readJson.made.forma,
    readYamlRatio: readYaml.millis / alone.yaml.millis,
    readJsonRatio: readJson.millis / alone.json.millis,
  }
})

const main = Effect.gen(function* () {
  const agent = yield* Agent
  const { forma, readJsonRatio, readYamlRatio } = yield* readBoth
  yield* PluginCoordinator.use(({ capabilities }) => capabilities("FakeAWS"))
  const startedAt = hrtime.bigint()
  // Of the results no more than this is held.
  const applied = yield* cpuOf(Effect.map(agent.apply(forma), ({ status }) => status))
  const applyMillis = Number(hrtime.bigint() - startedAt) / 1e6
  if (applied.made !== "succeeded") return yield* Effect.die(`the apply ended as ${applied.made}`)
  const planned = yield* cpuOf(
    Effect.map(agent.plan(forma), ({ resources }) => resources.filter(({ operation }) => operation !== "noop").length),
  )
  const left = planned.made
  if (left > 0) return yield* Effect.die(`${left} resources are still to be changed after the apply`)
  let heapMiB = 0
  yield* agent.apply(forma, {
    observe: ({ _tag }) => Effect.sync(() => void (_tag === "Planned" && (heapMiB = liveHeapMiB()))),
  })
  const result: ScaleResult = {
    resources,
    readYamlRatio,
    readJsonRatio,
    applyMillis,
    applyCpuMillis: applied.millis,
    planCpuMillis: planned.millis,
    heapMiB,
    peakMiB: peakResidentKiB() / 1024,
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
})

await Effect.runPromise(Effect.provide(main, layerAgentOn(plugins, `${folder}/state.db`)))
