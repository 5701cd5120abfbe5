/** What a launcher is told about processes by the system, and a spawner that makes up for what the system does not do. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { parseProcessStat } from "../../platform/ProcessStat.ts"
import { ProcFiles } from "../../platform/ProcFiles.ts"
import { procFile } from "../../platform/systemFiles.ts"

import { layerGroupSpawner } from "./GroupSpawner.ts"
import { LaunchProcesses } from "./LaunchProcesses.ts"
import { ProcessMemory } from "./ProcessMemory.ts"
import { layerSealedSpawner } from "./SealedSpawner.ts"
import { layerStdinSpawner } from "./StdinSpawner.ts"

type Services = ChildProcessSpawner | LaunchProcesses | ProcessMemory

const layerProc = Layer.mergeAll(
  Layer.provide(layerSealedSpawner, layerGroupSpawner()),
  LaunchProcesses.layerProc,
  ProcessMemory.layerProc(),
)

const layerNoProcesses = Layer.mergeAll(LaunchProcesses.layerNone, ProcessMemory.layerNone)

const layerNone = Layer.merge(Layer.effect(ChildProcessSpawner, ChildProcessSpawner), layerNoProcesses)

/** In a container that has the /proc of its host, the ids there are other processes here. Of this one it still says the truth. */
const layerOfThis = Layer.merge(layerSealedSpawner, layerNoProcesses)

const hasOwnIds = Effect.map(
  ProcFiles,
  ({ read }) => parseProcessStat(read(procFile("self", "stat")))?.pid === process.pid,
)

/** From /proc, but from nothing on Windows: any user may make a folder of this name there, and say in it which processes to end. */
export const layerSystemProcesses: Layer.Layer<Services, never, ChildProcessSpawner | FileSystem.FileSystem> =
  Layer.unwrap(
    Effect.gen(function* (): Effect.fn.Return<
      Layer.Layer<Services, never, ChildProcessSpawner | FileSystem.FileSystem>,
      never
    > {
      if (isWindows(yield* Platform)) return Layer.provide(layerNone, layerStdinSpawner)
      return Layer.provide((yield* hasOwnIds) ? layerProc : layerOfThis, layerStdinSpawner)
    }),
  )
