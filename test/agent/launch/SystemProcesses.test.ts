import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import { LaunchProcesses } from "../../../src/agent/launch/LaunchProcesses.ts"
import { ProcessMemory } from "../../../src/agent/launch/ProcessMemory.ts"
import { layerSystemProcesses } from "../../../src/agent/launch/SystemProcesses.ts"
import { AgentProcesses } from "../../../src/agent/store/AgentProcesses.ts"
import { Platform } from "../../../src/platform/Platform.ts"
import { ProcFiles } from "../../../src/platform/ProcFiles.ts"
import { LaunchId } from "../../../src/protocol/Identity.ts"

/** What is looked at while a process is started, found and measured. */
const lookedAt = Effect.fnUntraced(function* (platform: string, self = process.pid) {
  const paths: Array<string> = []
  const files = FileSystem.layerNoop({
    readFileString: (path) => Effect.sync(() => (paths.push(path), "")),
  })
  const proc: ProcFiles = {
    list: (folder) => (paths.push(folder), []),
    read: (file) => {
      paths.push(file)
      return file === "/proc/self/stat" ? `${self} (node) S 1 2 3 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 7 0` : ""
    },
  }
  const spawner = ChildProcessSpawner.make(() => Effect.die("started"))
  yield* Effect.gen(function* () {
    const { spawn } = yield* ChildProcessSpawner.ChildProcessSpawner
    yield* Effect.exit(Effect.scoped(spawn(ChildProcess.make("program"))))
    yield* LaunchProcesses.use(({ find }) => find(LaunchId.make("one-1")))
    yield* ProcessMemory.use(({ residentMiB }) => residentMiB(1))
  }).pipe(
    Effect.provide(
      layerSystemProcesses.pipe(
        Layer.provide([files, Layer.succeed(ChildProcessSpawner.ChildProcessSpawner, spawner)]),
        Layer.provide([Layer.succeed(Platform, platform), Layer.succeed(ProcFiles, proc)]),
      ),
    ),
  )
  return paths
})

describe("what the system says about processes", () => {
  it.effect("is in /proc, but not on Windows, where any user may have made that", () =>
    Effect.gen(function* () {
      assert.includeMembers(yield* lookedAt("linux"), ["/proc", "/proc/self/fd", "/proc/1/status"])
      assert.deepEqual(yield* lookedAt("win32"), [])
    }),
  )

  it.effect("is not what the /proc of a host says in a container, where the same ids are other processes", () =>
    Effect.gen(function* () {
      const paths = yield* lookedAt("linux", process.pid + 1)
      assert.notInclude(paths, "/proc")
      assert.notInclude(paths, "/proc/1/status")
      assert.include(paths, "/proc/self/fd")
    }),
  )

  it.effect("does not tell agents apart on Windows", () =>
    Effect.gen(function* () {
      const { start } = yield* Effect.provide(
        AgentProcesses,
        Layer.provide(AgentProcesses.layer, Layer.succeed(Platform, "win32")),
      )
      assert.isNull(start)
    }),
  )
})
