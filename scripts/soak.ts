/**
 * Soaks two plugins in reads, creates, deletes, refusals and kills, for ten
 * minutes or as many as `--minutes` says. Draws docs/soak.svg and ends with 1 if
 * memory, descriptors or latency have grown from the first third to the last.
 * Run it as `node --conditions=formae-source scripts/soak.ts`.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Clock from "effect/Clock"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { PluginCoordinator } from "../src/agent/supervision/PluginCoordinator.ts"
import { defaultSupervisionSettings } from "../src/agent/supervision/SupervisionSettings.ts"
import { heapUsedMiB } from "../test/agent/supervision/resourcesHeld.ts"
import { memoryOf } from "./bench/measure/Memory.ts"
import { type MixedLoad, startMixedLoad } from "./bench/measure/MixedLoad.ts"
import { makeCrowd } from "./bench/programs/makeCrowd.ts"
import { runProgram } from "./bench/programs/runProgram.ts"
import { median } from "./bench/report/median.ts"
import { soakChart } from "./bench/report/soakChart.ts"
import { soakGrowth, type SoakSample } from "./bench/report/SoakSample.ts"

class SoakFailed extends Schema.TaggedError<SoakFailed>("scripts/soak/SoakFailed")("SoakFailed", {
  message: Schema.String,
}) {}

const namespaces = ["Bench0", "Bench1"]
const sampleCount = 60

/** Every how many samples one is printed. */
const printEvery = 6

const supervision = () => ({
  ...defaultSupervisionSettings,
  // All crashes are kills of the load, so none of them may quarantine a plugin.
  restart: {
    ...defaultSupervisionSettings.restart,
    baseMillis: 50,
    capMillis: 200,
    intensity: { restarts: 1_000_000, withinMillis: 1_000 },
  },
})

/** Counts the processes that are still alive. */
const residentKiBOf = (pids: ReadonlyArray<number>): number =>
  pids.reduce((sum, pid) => {
    try {
      return sum + memoryOf(pid).residentKiB
    } catch {
      return sum
    }
  }, 0)

const takeSample = Effect.fnUntraced(function* (load: MixedLoad, startedAt: number) {
  const pluginKiB = residentKiBOf(yield* load.pids)
  const { crashes, latenciesMillis } = yield* load.take
  const sample: SoakSample = {
    seconds: ((yield* Clock.currentTimeMillis) - startedAt) / 1000,
    heapMiB: heapUsedMiB(),
    residentMiB: process.memoryUsage().rss / 2 ** 20,
    descriptors: readdirSync("/proc/self/fd").length,
    pluginMiB: pluginKiB / 1024,
    medianMillis: latenciesMillis.length === 0 ? 0 : median(latenciesMillis),
    crashes,
  }
  return sample
})

const print = ({ descriptors, heapMiB, medianMillis, residentMiB, seconds }: SoakSample) =>
  Console.log(
    `${seconds.toFixed(0)} s  heap ${heapMiB.toFixed(1)} MiB  resident ${residentMiB.toFixed(0)} MiB  descriptors ${descriptors}  median ${medianMillis.toFixed(1)} ms`,
  )

const soak = Effect.fnUntraced(function* (minutes: number) {
  const startedAt = yield* Clock.currentTimeMillis
  const load = yield* startMixedLoad(namespaces)
  const samples: Array<SoakSample> = []
  while (samples.length < sampleCount) {
    yield* Effect.sleep((minutes * 60_000) / sampleCount)
    const sample = yield* takeSample(load, startedAt)
    samples.push(sample)
    if (samples.length % printEvery === 0) yield* print(sample)
  }
  return samples
}, Effect.scoped)

const command = Command.make(
  "soak",
  {
    minutes: Flag.Finite("minutes").pipe(
      Flag.withDescription("How long the soak takes, at most 60"),
      Flag.withDefault(10),
    ),
  },
  Effect.fnUntraced(function* ({ minutes }) {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "formae-soak-" })
    const crowd = `${folder}/crowd`
    yield* Effect.promise(() => runProgram("bundle.ts", [folder]))
    yield* Effect.promise(() => makeCrowd(`${folder}/bench`, crowd, namespaces.length))
    const samples = yield* soak(Math.min(Math.max(minutes, 0.1), 60)).pipe(
      Effect.provide(
        PluginCoordinator.layerProcesses([crowd], { supervision }).pipe(
          Layer.provide([NodeServices.layer, Logger.layer([])]),
        ),
      ),
    )
    yield* fs.writeFileString(fileURLToPath(new URL("../docs/soak.svg", import.meta.url)), soakChart(samples))
    const growth = soakGrowth(samples)
    if (growth.length > 0) return yield* new SoakFailed({ message: `it has grown: ${growth.join("; ")}` })
    yield* Console.log("memory, descriptors and latency stayed level")
  }, Effect.scoped),
).pipe(
  Command.withDescription(
    "Puts a mixed load with crashes on two plugins and checks that memory, descriptors and latency stay level",
  ),
)

Command.run(command, { version: "1" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
