/** What a launcher is told about processes by the system, and a spawner that makes up for what the system does not do. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { layerGroupSpawner } from "./GroupSpawner.ts"
import { LaunchProcesses } from "./LaunchProcesses.ts"
import { ProcessMemory } from "./ProcessMemory.ts"
import { layerSealedSpawner } from "./SealedSpawner.ts"

type Services = ChildProcessSpawner | LaunchProcesses | ProcessMemory

const layerProc = Layer.mergeAll(
  Layer.provide(layerSealedSpawner, layerGroupSpawner()),
  LaunchProcesses.layerProc,
  ProcessMemory.layerProc(),
)

const layerNone = Layer.mergeAll(
  Layer.effect(ChildProcessSpawner, ChildProcessSpawner),
  LaunchProcesses.layerNone,
  ProcessMemory.layerNone,
)

/** From /proc, but from nothing on Windows: any user may make a folder of this name there, and say in it which processes to end. */
export const layerSystemProcesses: Layer.Layer<Services, never, ChildProcessSpawner | FileSystem.FileSystem> =
  Layer.unwrap(
    Effect.map(Platform, (platform): Layer.Layer<Services, never, ChildProcessSpawner | FileSystem.FileSystem> =>
      isWindows(platform) ? layerNone : layerProc,
    ),
  )
