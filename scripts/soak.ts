/**
 * Mixed load with crashes: `node --conditions=formae-source scripts/soak.ts`.
 * Reads, creates, deletes, refusals and kills on two plugins, for ten minutes or
 * as many as `--minutes` says. Draws docs/soak.svg, and ends with 1 where
 * memory, descriptors or latency have grown from the first third to the last.
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
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { PluginCoordinator } from "../src/agent/supervision/PluginCoordinator.ts"
import { defaultSupervisionSettings } from "../src/agent/supervision/SupervisionSettings.ts"
import { NativeId, OperationId, ResourceType } from "../src/protocol/Identity.ts"
import type { Operation } from "../src/protocol/Operation.ts"
import { heapUsedMiB } from "../test/agent/supervision/resourcesHeld.ts"
import { makeCrowd } from "./bench/programs/makeCrowd.ts"
import { runProgram } from "./bench/programs/runProgram.ts"
import { median } from "./bench/report/median.ts"
import { type Sample, soakChart } from "./bench/report/soakChart.ts"
import { memoryOf } from "./bench/measure/Memory.ts"
import { largeProperties } from "./bench/work/LargeProperties.ts"
import { targetConfig } from "./bench/work/Read.ts"

class SoakFailed extends Schema.TaggedError<SoakFailed>("scripts/soak/SoakFailed")("SoakFailed", {
  message: Schema.String,
}) {}

const plugins = ["Bench0", "Bench1"]
const lanes = 16
const samplesWanted = 60

/** What V8 and the allocator may keep for later, and what a busy machine adds. */
const allowed = { heapMiB: 8, residentMiB: 64, pluginMiB: 64, descriptors: 4, medianMillis: 5 } as const

const supervision = () => ({
  ...defaultSupervisionSettings,
  // Each crash is one of ours: none of them is a reason to give up.
  restart: {
    ...defaultSupervisionSettings.restart,
    baseMillis: 50,
    capMillis: 200,
    intensity: { restarts: 1_000_000, withinMillis: 1_000 },
  },
})

const soak = Effect.fnUntraced(function* (minutes: number) {
  const coordinator = yield* PluginCoordinator
  const latencies: Array<number> = []
  let operations = 0
  let crashes = 0

  const operation = Effect.fnUntraced(function* (namespace: string) {
    const kind = yield* Random.nextIntBetween(0, 100)
    const subject = {
      operationId: OperationId.make(`operation-${++operations}`),
      resourceType: ResourceType.make(`${namespace}::Storage::Thing`),
      targetConfig,
      label: "thing",
    }
    const nativeId = NativeId.make(`thing-${kind}`)
    const some = {
      entries: largeProperties()
        .entries.slice(0, kind)
        .map(({ Key, Value }) => ({ Key, Value })),
    }
    const asked: Operation =
      kind < 60
        ? { _tag: "Read", ...subject, nativeId }
        : kind < 80
          ? { _tag: "Create", ...subject, properties: some }
          : kind < 90
            ? { _tag: "Delete", ...subject, nativeId }
            : // A target that is refused.
              { _tag: "Read", ...subject, targetConfig: {}, nativeId }
    const operator = yield* coordinator.operator({
      namespace,
      resourceUri: "soak/thing",
      operation: asked._tag,
      operationId: asked.operationId,
    })
    return yield* operator.perform(asked, () => Effect.void)
  })

  const lane = (namespace: string) =>
    Effect.gen(function* () {
      const began = yield* Clock.currentTimeNanos
      const ended = yield* Effect.result(operation(namespace))
      // What a crash cut off is no latency, and no failure: it was ours.
      if (ended._tag === "Success") latencies.push(Number((yield* Clock.currentTimeNanos) - began) / 1e6)
      yield* Effect.sleep("2 millis")
    }).pipe(Effect.forever)

  const pids = Effect.map(coordinator.status, (all) =>
    all.flatMap(({ state }) => (state._tag === "Ready" ? [state.launch.identity.pid] : [])),
  )
  const crash = Effect.gen(function* () {
    const running = yield* pids
    const victim = running[yield* Random.nextIntBetween(0, Math.max(running.length, 1))]
    if (victim === undefined) return
    crashes += 1
    yield* Effect.ignore(Effect.try(() => process.kill(victim, "SIGKILL")))
  })

  const startedAt = yield* Clock.currentTimeMillis
  const sample = Effect.gen(function* () {
    const pluginKiB = (yield* pids).reduce((sum, pid) => {
      try {
        return sum + memoryOf(pid).residentKiB
      } catch {
        // It has just died.
        return sum
      }
    }, 0)
    const taken: Sample = {
      seconds: ((yield* Clock.currentTimeMillis) - startedAt) / 1000,
      heapMiB: heapUsedMiB(),
      residentMiB: process.memoryUsage().rss / 2 ** 20,
      descriptors: readdirSync("/proc/self/fd").length,
      pluginMiB: pluginKiB / 1024,
      medianMillis: latencies.length === 0 ? 0 : median(latencies),
      crashes,
    }
    latencies.length = 0
    crashes = 0
    return taken
  })

  yield* Effect.forEach(plugins, (namespace) => coordinator.capabilities(namespace), { discard: true })
  for (const namespace of plugins) {
    for (let index = 0; index < lanes; index++) yield* Effect.forkScoped(lane(namespace))
  }
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep("2 seconds"), crash)))
  const every = (minutes * 60_000) / samplesWanted
  const samples: Array<Sample> = []
  for (let index = 0; index < samplesWanted; index++) {
    yield* Effect.sleep(every)
    const taken = yield* sample
    samples.push(taken)
    if (index % 6 === 5) {
      const { descriptors, heapMiB, medianMillis, residentMiB, seconds } = taken
      yield* Console.log(
        `${seconds.toFixed(0)} s  heap ${heapMiB.toFixed(1)} MiB  resident ${residentMiB.toFixed(0)} MiB  descriptors ${descriptors}  median ${medianMillis.toFixed(1)} ms`,
      )
    }
  }
  return samples
}, Effect.scoped)

/** What has grown from the first third to the last by more than is allowed. */
const grown = (samples: ReadonlyArray<Sample>): ReadonlyArray<string> => {
  const third = Math.floor(samples.length / 3)
  return (Object.keys(allowed) as Array<keyof typeof allowed>).flatMap((name) => {
    const before = median(samples.slice(0, third).map((sample) => sample[name]))
    const after = median(samples.slice(-third).map((sample) => sample[name]))
    return after > before + allowed[name] ? [`${name}: ${before.toFixed(1)} before, ${after.toFixed(1)} after`] : []
  })
}

const command = Command.make(
  "soak",
  {
    minutes: Flag.Finite("minutes").pipe(Flag.withDescription("How long; at most sixty"), Flag.withDefault(10)),
  },
  Effect.fnUntraced(function* ({ minutes }) {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* fs.makeTempDirectoryScoped({ prefix: "formae-soak-" })
    yield* Effect.promise(() => runProgram("bundle.ts", [folder]))
    yield* Effect.promise(() => makeCrowd(`${folder}/bench`, `${folder}/crowd`, plugins.length))
    const samples = yield* soak(Math.min(Math.max(minutes, 0.1), 60)).pipe(
      Effect.provide(
        PluginCoordinator.layerProcesses([`${folder}/crowd`], { supervision }).pipe(
          Layer.provide([NodeServices.layer, Logger.layer([])]),
        ),
      ),
    )
    yield* fs.writeFileString(fileURLToPath(new URL("../docs/soak.svg", import.meta.url)), soakChart(samples))
    const leaked = grown(samples)
    if (leaked.length > 0) return yield* new SoakFailed({ message: `it has grown: ${leaked.join("; ")}` })
    yield* Console.log("it stays level")
  }, Effect.scoped),
).pipe(Command.withDescription("Mixed load with crashes: memory, descriptors and latency stay level"))

Command.run(command, { version: "1" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
