import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { LaunchProcesses } from "../../../src/agent/launch/LaunchProcesses.ts"
import { readProcesses } from "../../../src/agent/launch/ProcessTable.ts"
import { ProcFiles } from "../../../src/platform/ProcFiles.ts"
import { LaunchId } from "../../../src/protocol/Identity.ts"

/** What Linux reports about a process that was started at this tick. */
const statOf = (pid: number | string, startTime: number) =>
  `${pid} (a) S 1 ${pid} ${pid} 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 ${startTime} 0`

/** A machine with these processes, of which `self` is this one. */
const machine = (starts: Readonly<Record<string, number>>): ProcFiles => ({
  list: () => Object.keys(starts),
  read: (file) => {
    const name = file.split("/")[2] ?? ""
    return name in starts ? statOf(name === "self" ? process.pid : name, starts[name] ?? 0) : ""
  },
})

describe("the processes of a launch", () => {
  it.effect("are looked for among those that are not older than this one, and only those are waited for", () =>
    Effect.gen(function* () {
      const waited: Array<string> = []
      const files = FileSystem.layerNoop({
        readFileString: (file) =>
          // An environment that cannot be read as long as its process hangs.
          file === "/proc/20/environ"
            ? Effect.never
            : Effect.sync(() => (waited.push(file), "FORMAE_LAUNCH=one-1\0A=b\0")),
      })
      const { find } = yield* Effect.provide(
        LaunchProcesses,
        LaunchProcesses.layerProc.pipe(
          Layer.provide([
            files,
            Layer.succeed(ProcFiles, machine({ self: 1_000, "20": 999, "21": 1_000, "22": 1_001 })),
          ]),
        ),
      )
      assert.deepEqual(yield* find(LaunchId.make("one-1")), [
        { pid: 21, group: 21 },
        { pid: 22, group: 22 },
      ])
      assert.sameMembers(waited, ["/proc/21/environ", "/proc/22/environ"])
    }),
  )

  it.effect("do not keep everything else waiting on a machine with many", () =>
    Effect.gen(function* () {
      const starts = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [String(index + 1), 5]))
      let turns = 0
      yield* Effect.forkChild(
        Effect.forever(
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => (turns += 1)),
          ),
        ),
      )
      assert.lengthOf(yield* readProcesses(machine(starts), "/proc"), 1_000)
      assert.isAtLeast(turns, 3)
    }),
  )
})
